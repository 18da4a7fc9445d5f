/* AdamW over tensors of another library, in place. Functions that return int return 0, or -1 after an error. */
#include <stdint.h>

typedef struct torch_step_optimizer *torch_step_t;

/* Makes an optimizer of tensor_count tensors. group_of[i] is the group of tensor i, below group_count; lengths[i] the number of its elements. */
int torch_step_create(int group_count, int tensor_count, const int *group_of, const int64_t *lengths, float *const *values, float *const *gradients,
                      torch_step_t *optimizer);

/* Sets LearningRate, Beta1, Beta2, Epsilon or WeightDecay of a group. */
int torch_step_set(torch_step_t optimizer, int group, const char *name, double value);

/* Sets the largest number of threads of a step. It does not change the results. */
int torch_step_set_threads(torch_step_t optimizer, int count);

/* Whether a step refuses gradients that are not finite. It does unless this is called with 0. */
int torch_step_set_check(torch_step_t optimizer, int check);

/* Steps all tensors, whose addresses may have changed. After an error, such as a gradient that is not finite, nothing has changed. */
int torch_step_step(torch_step_t optimizer, float *const *values, float *const *gradients);

/* Gives the address of the state firstMoment or secondMoment of a tensor. It is valid until torch_step_free. */
int torch_step_state(torch_step_t optimizer, int tensor, const char *name, float **state);

/* The number of steps made, from which bias corrections are computed. */
int64_t torch_step_get_count(torch_step_t optimizer);
int torch_step_set_count(torch_step_t optimizer, int64_t count);

void torch_step_free(torch_step_t optimizer);

/* The message of this thread's last error, in UTF-8, until its next one; null before the first. */
const char *torch_step_error(void);
