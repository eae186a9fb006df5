/* What Wine 8, Debian 12's, lacks: Rust's standard library takes its randomness from ProcessPrng. Wine 9 has it; this file
 * can go when the oldest Wine in use does. Laid beside the program under test and never shipped. */
#include <windows.h>
#include <ntsecapi.h>

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T length) { return RtlGenRandom(data, (ULONG)length); }
