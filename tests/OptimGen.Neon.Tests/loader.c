/*
 * Runs precompiled kernels: an aarch64 program for qemu-aarch64, without a .NET runtime.
 *
 *     loader <image> <calls> <results>
 *
 * <image> is what crossgen2 made of an assembly, a PE file. Its code and constants find each other relative to the program counter, and a
 * kernel calls nothing, so mapping the sections to their addresses is all the loading there is.
 *
 * <calls> is a sequence of calls, little-endian:
 *     uint32  the kernel's address in the image (RVA)
 *     uint32  n, the number of streams
 *     uint32  the number of elements that the kernel is told to update
 *     uint32  the size of the scalars, in bytes
 *     uint32  the size of the phase, in bytes; 0 for a kernel that takes none
 *     uint32  the size of each stream with the guards around it, in bytes
 *     uint32  for each stream, at which byte of it the first element stands
 *     bytes   the scalars
 *     bytes   the phase, which begins with room for the address of the last stream; that one is no argument of its own then
 *     bytes   each stream
 * <results> receives the streams of each call, guards included, as the kernel left them, and the double that it returned, if it returns one.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { MaxStreams = 10, MaxArguments = MaxStreams + 3, Alignment = 64 };

static void fail(const char *what)
{
    fprintf(stderr, "loader: %s\n", what);
    exit(2);
}

static uint32_t read32(const uint8_t *at)
{
    uint32_t value;
    memcpy(&value, at, sizeof value);
    return value;
}

static uint16_t read16(const uint8_t *at)
{
    uint16_t value;
    memcpy(&value, at, sizeof value);
    return value;
}

static uint8_t *read_file(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END) != 0)
        fail("cannot open the image");
    *size = (size_t)ftell(file);
    rewind(file);
    uint8_t *bytes = malloc(*size);
    if (!bytes || fread(bytes, 1, *size, file) != *size)
        fail("cannot read the image");
    fclose(file);
    return bytes;
}

/* The layout is that of "PE Format", the specification of the file: the headers' offsets are fixed for 64-bit images. */
static uint8_t *map_image(const char *path, size_t *image_size)
{
    size_t size;
    uint8_t *file = read_file(path, &size);
    if (size < 0x40 || read32(file + 0x3c) > size - 0x200)
        fail("the image is too short");
    const uint8_t *header = file + read32(file + 0x3c);
    if (memcmp(header, "PE\0\0", 4) != 0)
        fail("the image is no PE file");

    const uint8_t *optional = header + 24;
    *image_size = read32(optional + 56);
    uint8_t *image = mmap(NULL, *image_size, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (image == MAP_FAILED)
        fail("cannot map the image");

    unsigned sections = read16(header + 6);
    const uint8_t *section = optional + read16(header + 20);
    for (unsigned i = 0; i < sections; i++, section += 40)
    {
        uint32_t virtual_size = read32(section + 8), address = read32(section + 12);
        uint32_t raw_size = read32(section + 16), raw = read32(section + 20);
        uint32_t length = raw_size < virtual_size ? raw_size : virtual_size;
        if ((uint64_t)address + length > *image_size || (uint64_t)raw + length > size)
            fail("a section lies outside of the image");
        memcpy(image + address, file + raw, length);
    }

    __builtin___clear_cache((char *)image, (char *)image + *image_size);
    free(file);
    return image;
}

static void require(FILE *calls, void *to, size_t size)
{
    if (size != 0 && fread(to, 1, size, calls) != size)
        fail("the calls end early");
}

typedef double (*Kernel)(void *, void *, void *, void *, void *, void *, void *, void *, void *, void *, void *, void *, void *);

int main(int argc, char **argv)
{
    if (argc != 4)
        fail("usage: loader <image> <calls> <results>");

    size_t image_size;
    uint8_t *image = map_image(argv[1], &image_size);
    FILE *calls = fopen(argv[2], "rb");
    FILE *results = fopen(argv[3], "wb");
    if (!calls || !results)
        fail("cannot open the calls or the results");

    uint32_t call[6];
    while (fread(call, sizeof call, 1, calls) == 1)
    {
        uint32_t rva = call[0], streams = call[1], count = call[2], scalar_size = call[3], phase_size = call[4], stream_size = call[5];
        uint32_t first[MaxStreams];
        if (rva >= image_size || streams > MaxStreams)
            fail("no such kernel");
        require(calls, first, streams * sizeof *first);

        uint8_t *scalars = malloc(scalar_size + 1);
        require(calls, scalars, scalar_size);
        uint8_t *phase = malloc(phase_size + 1);
        require(calls, phase, phase_size);

        /* A stream's guards move it away from the boundary that its memory starts on, so "first" is its alignment. */
        size_t padded = ((size_t)stream_size + Alignment - 1) / Alignment * Alignment;
        uint8_t *data[MaxStreams];
        void *arguments[MaxArguments] = { 0 };
        uint32_t passed = 0;
        for (uint32_t i = 0; i < streams; i++)
        {
            data[i] = aligned_alloc(Alignment, padded);
            if (!data[i])
                fail("out of memory");
            require(calls, data[i], stream_size);
            void *start = data[i] + first[i];
            if (phase_size > 0 && i == streams - 1)
                memcpy(phase, &start, sizeof start);
            else
                arguments[passed++] = start;
        }

        /* Every argument is a pointer or as wide as one, and the caller clears the stack: those beyond the kernel's last do no harm. */
        arguments[passed] = (void *)(uintptr_t)count;
        arguments[passed + 1] = scalars;
        arguments[passed + 2] = phase;
        double returned = ((Kernel)(image + rva))(
            arguments[0], arguments[1], arguments[2], arguments[3], arguments[4], arguments[5], arguments[6],
            arguments[7], arguments[8], arguments[9], arguments[10], arguments[11], arguments[12]);

        for (uint32_t i = 0; i < streams; i++)
        {
            if (fwrite(data[i], 1, stream_size, results) != stream_size)
                fail("cannot write the results");
            free(data[i]);
        }

        if (fwrite(&returned, sizeof returned, 1, results) != 1)
            fail("cannot write the results");
        free(scalars);
        free(phase);
    }

    return fclose(results) == 0 ? 0 : 2;
}
