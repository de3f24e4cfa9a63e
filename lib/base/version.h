/*
 * The release, for --version, packages and the installed library; what came
 * with each stands in share/CHANGES.
 */
#ifndef BASE_VERSION_H
#define BASE_VERSION_H

#define MTKD_VERSION "1.0"

#endif
