/*
 * Runs precompiled kernels: an aarch64 program for qemu-aarch64, without a .NET runtime.
 *
 *     loader <image> <calls> <results>
 *
 * <image> is what crossgen2 made of an assembly, a PE file. Its code and constants find each other relative to the program counter, and a
 * kernel calls nothing, so mapping the sections to their addresses is all the loading there is.
 *
 * <calls> is a sequence of calls, little-endian:
 *     uint32  the address of a kernel in the image (RVA)
 *     uint32  the address of the kernel that is called after it
 *     uint32  the number of elements that the first is told to update
 *     uint32  the number of elements behind them that the second is told to update
 *     uint32  the size of an element, in bytes
 *     uint32  n, the number of streams
 *     uint32  m, the number of other blocks of memory that a kernel is handed
 *     for each of the n + m: uint32 its size in bytes, uint32 at which byte of it a kernel is to begin
 *     bytes   each of the n + m
 * <results> receives the n + m of each call, as the kernels left them.
 *
 * A kernel is called with the addresses of the streams' first elements, the number of elements, and the addresses of the other blocks.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { MaxArguments = 16, Alignment = 64 };

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

typedef void *Arguments[MaxArguments];

typedef void (*Kernel)(
    void *, void *, void *, void *, void *, void *, void *, void *, void *, void *, void *, void *, void *, void *, void *, void *);

/* Every argument is a pointer or as wide as one, and the caller clears the stack: those beyond the kernel's last do no harm. */
static void call_kernel(const uint8_t *address, Arguments a)
{
    ((Kernel)address)(a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], a[8], a[9], a[10], a[11], a[12], a[13], a[14], a[15]);
}

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

    uint32_t call[7];
    while (fread(call, sizeof call, 1, calls) == 1)
    {
        uint32_t first = call[0], second = call[1], whole = call[2], rest = call[3], element_size = call[4], streams = call[5], blocks = call[5] + call[6];
        uint32_t sizes[MaxArguments][2];
        if (first >= image_size || second >= image_size || blocks + 1 > MaxArguments)
            fail("no such kernel");
        require(calls, sizes, blocks * sizeof *sizes);

        /* Memory starts on a boundary, so the byte at which a kernel is to begin is its alignment. */
        uint8_t *data[MaxArguments];
        Arguments arguments = { 0 };
        for (uint32_t i = 0; i < blocks; i++)
        {
            data[i] = aligned_alloc(Alignment, ((size_t)sizes[i][0] + Alignment) / Alignment * Alignment);
            if (!data[i])
                fail("out of memory");
            require(calls, data[i], sizes[i][0]);
            arguments[i < streams ? i : i + 1] = data[i] + sizes[i][1];
        }

        arguments[streams] = (void *)(uintptr_t)whole;
        if (whole > 0)
            call_kernel(image + first, arguments);

        if (rest > 0)
        {
            for (uint32_t i = 0; i < streams; i++)
                arguments[i] = (uint8_t *)arguments[i] + (size_t)whole * element_size;
            arguments[streams] = (void *)(uintptr_t)rest;
            call_kernel(image + second, arguments);
        }

        for (uint32_t i = 0; i < blocks; i++)
        {
            if (fwrite(data[i], 1, sizes[i][0], results) != sizes[i][0])
                fail("cannot write the results");
            free(data[i]);
        }
    }

    return fclose(results) == 0 ? 0 : 2;
}
