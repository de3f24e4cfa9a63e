#!/usr/bin/python3
"""Losses of sets of labels and their gradients, by torch.nn.BCEWithLogitsLoss
in double, for tests/net/t-loss.c.

usage: bce.py > tests/net/golden-bce.h
"""
import torch
from torch.nn.functional import binary_cross_entropy_with_logits as bce

torch.manual_seed(20190420)
torch.set_default_dtype(torch.float64)
ROWS, C = 4, 3


def array(t):
    return "{ " + ", ".join(map(repr, t.flatten().tolist())) + " }"


def soften(q, T):
    yes, no = q ** (1 / T), (1 - q) ** (1 / T)
    return yes / (yes + no)


z = (torch.randn(ROWS, C) * 3).float().double()
z[3] = torch.tensor([40., -40., 0.])    # far out
y = torch.randint(2, (ROWS, C)).double()
q = torch.rand(ROWS, C).float().double()
q[0, 0], q[1, 1] = 0, 1
# What a class weighs where it does not, and where it does apply.
w = torch.tensor([[.5, 2.], [1., 1.], [.25, 3.]])

print("/* Made by reference/bce.py: torch %s. */" % torch.__version__)
print("/* clang-format off */")
print("static const double bce_logits[%d] = %s;" % (ROWS * C, array(z)))
print("static const uint8_t bce_applies[%d] = %s;" % (ROWS * C, array(y.int())))
print("static const double bce_soft[%d] = %s;" % (ROWS * C, array(q)))
print("static const double bce_weight[%d] = %s;" % (2 * C, array(w)))
print("static const struct {\n\tdouble hard_weight, soft_weight, temperature;")
print("\tbool weighted;\n\tdouble loss;\n\tdouble gradient[%d];" % (ROWS * C))
print("} bce_cases[] = {")
for a, b, T, weighted in ((1, 0, 1, False), (1, 0, 1, True), (0, 1, 1, False),
                          (.3, .7, 1, False), (.3, .7, 2, False),
                          (.5, .5, 4, True)):
    x = z.clone().requires_grad_()
    weight = torch.where(y > 0, w[:, 1], w[:, 0]) if weighted else None
    hard = torch.nn.BCEWithLogitsLoss(weight=weight)(x, y)
    soft = T * T * bce(x / T, soften(q, T))
    loss = a * hard + b * soft
    loss.backward()
    print("\t{ %r, %r, %r, %s, %r,\n\t  %s }," % (
        a, b, T, str(weighted).lower(), loss.item(), array(x.grad)))
print("};\n/* clang-format on */")
