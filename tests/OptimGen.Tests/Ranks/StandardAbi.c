/*
 * A library with the binary interface of MPI 5.0 (the standard's chapter 20 and appendix A.1) over Open MPI, which MpiTests compile: handles, levels of threads and
 * statuses have the standard's values and layout here, and are translated. It exports what MpiCommunicator calls, and refuses a handle that the standard does not have.
 *
 * The functions have their exported names by EXPORT, because mpi.h declares those names with Open MPI's types. They call PMPI_, because MPI_ would be this library.
 */
#include <mpi.h>
#include <stdint.h>
#include <string.h>

#define EXPORT(name) __asm__(name)

/* Appendix A.1: a handle is a pointer; predefined ones are small integers. */
typedef intptr_t handle;
enum { COMM_NULL = 0x100, COMM_WORLD = 0x101, COMM_SELF = 0x102, ERRORS_ARE_FATAL = 0x141, ERRORS_ABORT = 0x142, ERRORS_RETURN = 0x143, REQUEST_NULL = 0x180, BYTE = 0x247 };
enum { THREAD_SINGLE = 0, THREAD_FUNNELED = 1024, THREAD_SERIALIZED = 2048, THREAD_MULTIPLE = 4096 };

typedef struct { int source, tag, error, internal[5]; } status;

static const int levels[] = { THREAD_SINGLE, THREAD_FUNNELED, THREAD_SERIALIZED, THREAD_MULTIPLE };

/* What is predefined there is in the first page, where no object of Open MPI is. */
static int is_object(handle h) { return h < 0 || h >= 0x1000; }

static MPI_Comm comm_of(handle h) { return h == COMM_WORLD ? MPI_COMM_WORLD : h == COMM_SELF ? MPI_COMM_SELF : is_object(h) ? (MPI_Comm)h : MPI_COMM_NULL; }

static MPI_Datatype type_of(handle h) { return h == BYTE ? MPI_BYTE : MPI_DATATYPE_NULL; }

int abi_initialized(int *flag) EXPORT("MPI_Initialized");
int abi_initialized(int *flag) { return PMPI_Initialized(flag); }

int abi_finalized(int *flag) EXPORT("MPI_Finalized");
int abi_finalized(int *flag) { return PMPI_Finalized(flag); }

int abi_init_thread(int *argc, char ***argv, int required, int *provided) EXPORT("MPI_Init_thread");
int abi_init_thread(int *argc, char ***argv, int required, int *provided)
{
    int level = 0, granted = 0;
    while (level < 3 && levels[level] < required) level++;
    int code = levels[level] == required ? PMPI_Init_thread(argc, argv, level, &granted) : MPI_ERR_ARG;
    *provided = levels[granted];
    return code;
}

int abi_finalize(void) EXPORT("MPI_Finalize");
int abi_finalize(void) { return PMPI_Finalize(); }

int abi_error_string(int code, char *text, int *length) EXPORT("MPI_Error_string");
int abi_error_string(int code, char *text, int *length) { return PMPI_Error_string(code, text, length); }

int abi_comm_rank(handle comm, int *rank) EXPORT("MPI_Comm_rank");
int abi_comm_rank(handle comm, int *rank) { return PMPI_Comm_rank(comm_of(comm), rank); }

int abi_comm_size(handle comm, int *size) EXPORT("MPI_Comm_size");
int abi_comm_size(handle comm, int *size) { return PMPI_Comm_size(comm_of(comm), size); }

int abi_comm_dup(handle comm, handle *copy) EXPORT("MPI_Comm_dup");
int abi_comm_dup(handle comm, handle *copy) { return PMPI_Comm_dup(comm_of(comm), (MPI_Comm *)copy); }

int abi_comm_free(handle *comm) EXPORT("MPI_Comm_free");
int abi_comm_free(handle *comm)
{
    MPI_Comm freed = comm_of(*comm);
    int code = PMPI_Comm_free(&freed);
    *comm = COMM_NULL;
    return code;
}

int abi_comm_set_errhandler(handle comm, handle handler) EXPORT("MPI_Comm_set_errhandler");
int abi_comm_set_errhandler(handle comm, handle handler)
{
    /* Open MPI 4 has no MPI_ERRORS_ABORT, which ends the processes of the communicator; here those are all. */
    return handler == ERRORS_RETURN ? PMPI_Comm_set_errhandler(comm_of(comm), MPI_ERRORS_RETURN)
        : handler == ERRORS_ARE_FATAL || handler == ERRORS_ABORT ? PMPI_Comm_set_errhandler(comm_of(comm), MPI_ERRORS_ARE_FATAL)
        : MPI_ERR_ARG;
}

int abi_isend(const void *bytes, int count, handle type, int rank, int tag, handle comm, handle *request) EXPORT("MPI_Isend");
int abi_isend(const void *bytes, int count, handle type, int rank, int tag, handle comm, handle *request)
{
    return PMPI_Isend(bytes, count, type_of(type), rank, tag, comm_of(comm), (MPI_Request *)request);
}

int abi_irecv(void *bytes, int count, handle type, int rank, int tag, handle comm, handle *request) EXPORT("MPI_Irecv");
int abi_irecv(void *bytes, int count, handle type, int rank, int tag, handle comm, handle *request)
{
    return PMPI_Irecv(bytes, count, type_of(type), rank, tag, comm_of(comm), (MPI_Request *)request);
}

int abi_test(handle *request, int *flag, status *to) EXPORT("MPI_Test");
int abi_test(handle *request, int *flag, status *to)
{
    MPI_Request own = *request == REQUEST_NULL ? MPI_REQUEST_NULL : (MPI_Request)*request;
    MPI_Status from;
    int code = PMPI_Test(&own, flag, &from);
    *request = own == MPI_REQUEST_NULL ? REQUEST_NULL : (handle)own;
    if (*flag && to)
    {
        /* Nothing is where Open MPI has it: a library may use what is internal as it likes. */
        *to = (status){ from.MPI_SOURCE, from.MPI_TAG, from.MPI_ERROR, { 0 } };
        memcpy(&to->internal[1], &from._ucount, sizeof from._ucount);
        to->internal[4] = from._cancelled;
    }
    return code;
}

int abi_get_count(const status *from, handle type, int *count) EXPORT("MPI_Get_count");
int abi_get_count(const status *from, handle type, int *count)
{
    MPI_Status own = { .MPI_SOURCE = from->source, .MPI_TAG = from->tag, .MPI_ERROR = from->error, ._cancelled = from->internal[4] };
    memcpy(&own._ucount, &from->internal[1], sizeof own._ucount);
    return PMPI_Get_count(&own, type_of(type), count);
}

int abi_abort(handle comm, int code) EXPORT("MPI_Abort");
int abi_abort(handle comm, int code) { return PMPI_Abort(comm_of(comm), code); }
