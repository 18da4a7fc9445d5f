"""A torch.optim.Optimizer whose step is a rule declared in C#, compiled ahead of time to a native library."""
import ctypes

import torch

_STATES = {"exp_avg": b"firstMoment", "exp_avg_sq": b"secondMoment"}
_Pointers = ctypes.POINTER(ctypes.c_void_p)


def _load(path):
    library = ctypes.CDLL(path)
    library.torch_step_create.argtypes = [
        ctypes.c_int, ctypes.c_int, ctypes.POINTER(ctypes.c_int), ctypes.POINTER(ctypes.c_int64), _Pointers, _Pointers, _Pointers]
    library.torch_step_set.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_double]
    library.torch_step_set_threads.argtypes = [ctypes.c_void_p, ctypes.c_int]
    library.torch_step_set_check.argtypes = [ctypes.c_void_p, ctypes.c_int]
    library.torch_step_step.argtypes = [ctypes.c_void_p, _Pointers, _Pointers]
    library.torch_step_state.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_char_p, _Pointers]
    library.torch_step_get_count.argtypes = [ctypes.c_void_p]
    library.torch_step_get_count.restype = ctypes.c_int64
    library.torch_step_set_count.argtypes = [ctypes.c_void_p, ctypes.c_int64]
    library.torch_step_free.argtypes = [ctypes.c_void_p]
    library.torch_step_free.restype = None
    library.torch_step_error.restype = ctypes.c_char_p
    return library


class _Native:
    """An optimizer of the library. It is freed when neither a Python optimizer nor a state tensor over its memory is left."""

    def __init__(self, library, pointer):
        self._library = library
        self._as_parameter_ = pointer

    def __del__(self):
        self._library.torch_step_free(self._as_parameter_)


class AdamW(torch.optim.Optimizer):
    """AdamW with the signature of torch.optim.AdamW. It steps float32 tensors of the CPU in place, all in one call of the library, on as many threads as
    torch.set_num_threads says.

    Differences: every parameter needs a gradient at each step; the parameters and groups are fixed from the first step on. state_dict and
    load_state_dict have the states of torch.optim.AdamW.

    library: the path of the published library, TorchStep.so.
    check_finite: a gradient that is NaN or infinite raises FloatingPointError before anything has changed; torch.optim.AdamW does not check.
    """

    def __init__(self, params, library, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=1e-2, check_finite=True):
        self._library = _load(library)
        self._check_finite = check_finite
        self._optimizer = None
        super().__init__(params, dict(lr=lr, betas=betas, eps=eps, weight_decay=weight_decay))

    def __getstate__(self):
        raise TypeError("torch_step.AdamW cannot be copied or pickled; save its state_dict()")

    def add_param_group(self, param_group):
        if self._optimizer:
            raise RuntimeError("a group was added after the first step; add all groups before it")
        super().add_param_group(param_group)

    @torch.no_grad()
    def step(self, closure=None):
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        tensors = [tensor for group in self.param_groups for tensor in group["params"]]
        self._require_steppable(tensors)
        values = self._addresses(tensors)
        gradients = self._addresses([tensor.grad for tensor in tensors])
        lengths = [tensor.numel() for tensor in tensors]
        if self._optimizer is None:
            self._create(lengths, values, gradients)
            self._adopt(tensors)
        elif len(lengths) != len(self._lengths):
            raise RuntimeError(f"there are {len(lengths)} parameters, and were {len(self._lengths)} at the first step")
        elif lengths != self._lengths:
            index = next(i for i, (now, then) in enumerate(zip(lengths, self._lengths)) if now != then)
            raise RuntimeError(f"parameter {index} has {lengths[index]} elements, and had {self._lengths[index]} at the first step")
        for index, group in enumerate(self.param_groups):
            self._set_hyperparameters(index, group)
        self._check(self._library.torch_step_set_threads(self._optimizer, torch.get_num_threads()), ValueError)
        self._check(self._library.torch_step_step(self._optimizer, values, gradients), FloatingPointError)
        return loss

    def state_dict(self):
        if self._optimizer:
            count = float(self._library.torch_step_get_count(self._optimizer))
            for state in self.state.values():
                state["step"] = torch.tensor(count)
        return super().state_dict()

    def load_state_dict(self, state_dict):
        """Loads the states of this optimizer or of torch.optim.AdamW, whose parameters must all have made the same number of steps."""
        states = state_dict["state"]
        parameters = sum(len(group["params"]) for group in state_dict["param_groups"])
        steps = sorted({int(state["step"]) for state in states.values()})
        if states and (len(states) != parameters or len(steps) != 1):
            raise ValueError(f"the state_dict has states of {len(states)} of {parameters} parameters, after {steps} steps; this optimizer needs one of"
                             " every parameter, all after the same number of steps")
        super().load_state_dict(state_dict)
        if self._optimizer:
            self._adopt([tensor for group in self.param_groups for tensor in group["params"]])

    def _create(self, lengths, values, gradients):
        groups = [index for index, group in enumerate(self.param_groups) for _ in group["params"]]
        optimizer = ctypes.c_void_p()
        self._check(self._library.torch_step_create(
            len(self.param_groups), len(lengths), (ctypes.c_int * len(groups))(*groups), (ctypes.c_int64 * len(lengths))(*lengths),
            values, gradients, ctypes.byref(optimizer)), ValueError)
        self._optimizer = _Native(self._library, optimizer)
        self._check(self._library.torch_step_set_check(self._optimizer, int(self._check_finite)), ValueError)
        self._lengths = lengths

    def _adopt(self, tensors):
        """Makes the states tensors over the library's memory, with what was loaded before."""
        loaded = [dict(self.state[tensor]) for tensor in tensors]
        for index, (tensor, state) in enumerate(zip(tensors, loaded)):
            for name, native in _STATES.items():
                address = ctypes.c_void_p()
                self._check(self._library.torch_step_state(self._optimizer, index, native, ctypes.byref(address)), ValueError)
                memory = (ctypes.c_float * tensor.numel()).from_address(address.value)
                memory.owner = self._optimizer
                view = torch.frombuffer(memory, dtype=torch.float32).view_as(tensor)
                view.copy_(state[name]) if name in state else view.zero_()
                self.state[tensor][name] = view
        self._check(self._library.torch_step_set_count(self._optimizer, int(loaded[0].get("step", 0))), ValueError)

    def _set_hyperparameters(self, index, group):
        beta1, beta2 = group["betas"]
        for name, value in ((b"LearningRate", group["lr"]), (b"Beta1", beta1), (b"Beta2", beta2), (b"Epsilon", group["eps"]),
                            (b"WeightDecay", group["weight_decay"])):
            self._check(self._library.torch_step_set(self._optimizer, index, name, value), ValueError)

    def _check(self, result, error):
        if result:
            raise error(self._library.torch_step_error().decode())

    @staticmethod
    def _require_steppable(tensors):
        for index, tensor in enumerate(tensors):
            if tensor.grad is None:
                raise RuntimeError(f"parameter {index} has no gradient; this optimizer steps all of its parameters")
            for name, one in (("parameter", tensor), ("gradient of parameter", tensor.grad)):
                if one.device.type != "cpu" or one.dtype != torch.float32 or one.layout != torch.strided or not one.is_contiguous():
                    raise RuntimeError(f"{name} {index} is {one.dtype} on {one.device}, strides {one.stride() if one.layout == torch.strided else None};"
                                       " it must be a contiguous float32 tensor of the CPU")

    @staticmethod
    def _addresses(tensors):
        return (ctypes.c_void_p * len(tensors))(*[tensor.data_ptr() for tensor in tensors])
