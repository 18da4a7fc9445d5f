"""Checks torch_step.AdamW against torch.optim.AdamW. Usage: check.py PATH_OF_LIBRARY"""
import copy
import gc
import sys
import weakref

import torch

import torch_step


def model():
    """Two layers with biases; 1,033 and 17 elements in a row leave a remainder in every vector loop."""
    torch.manual_seed(1)
    return torch.nn.Sequential(torch.nn.Linear(17, 1033), torch.nn.Tanh(), torch.nn.Linear(1033, 3))


def groups(net):
    """Weights with decay, and biases without it and with another rate."""
    return [
        {"params": [p for p in net.parameters() if p.dim() > 1]},
        {"params": [p for p in net.parameters() if p.dim() == 1], "lr": 0.02, "weight_decay": 0.0},
    ]


def backward(net, step):
    """A backward pass over a mini-batch that depends on the step alone. Odd steps allocate the gradients anew."""
    generator = torch.Generator().manual_seed(step)
    inputs = torch.randn(32, 17, generator=generator)
    targets = torch.stack([inputs.sum(1), inputs.prod(1), inputs.abs().max(1).values], 1)
    net.zero_grad(set_to_none=step % 2 == 1)
    torch.nn.functional.mse_loss(net(inputs), targets).backward()


def difference(first, second):
    """The number of elements that differ in a bit, and the largest difference of one relative to the tensor's largest element."""
    bits, relative = 0, 0.0
    for a, b in zip(first, second):
        bits += int((a.detach().contiguous().view(torch.int32) != b.detach().contiguous().view(torch.int32)).sum())
        relative = max(relative, float((a - b).abs().max() / b.abs().max()))
    return bits, relative


def compare(library, steps):
    """Trains two copies of a model, one by each optimizer, with a schedule of PyTorch over both. Both see their own gradients."""
    reference, net = model(), model()
    oracle = torch.optim.AdamW(groups(reference), lr=0.01, betas=(0.9, 0.99))
    subject = torch_step.AdamW(groups(net), library, lr=0.01, betas=(0.9, 0.99))
    schedules = [torch.optim.lr_scheduler.StepLR(one, step_size=50, gamma=0.5) for one in (oracle, subject)]
    for step in range(steps):
        backward(reference, step)
        backward(net, step)
        oracle.step()
        subject.step()
        for schedule in schedules:
            schedule.step()
        if step == steps // 2:
            # What is saved by one is loaded by the other, in both directions, and the run goes on.
            saved = copy.deepcopy(oracle.state_dict()), copy.deepcopy(subject.state_dict())
            subject = torch_step.AdamW(groups(net), library)
            subject.load_state_dict(saved[0])
            oracle = torch.optim.AdamW(groups(reference))
            oracle.load_state_dict({"state": saved[1]["state"], "param_groups": saved[0]["param_groups"]})
            schedules = []
    states = [[one.state[p][name] for group in one.param_groups for p in group["params"] for name in ("exp_avg", "exp_avg_sq")]
              for one in (subject, oracle)]
    return difference(net.parameters(), reference.parameters()), difference(*states)


def refusals(library):
    """What is refused must change nothing."""
    net = model()
    subject = torch_step.AdamW(net.parameters(), library)
    backward(net, 0)
    subject.step()
    before = [p.detach().clone() for p in net.parameters()]
    first = next(net.parameters())

    def refuses(error, text):
        try:
            subject.step()
        except error as raised:
            assert text in str(raised), raised
        else:
            raise AssertionError(f"a step was not refused that must be: {text}")
        assert difference(net.parameters(), before)[0] == 0, "a refused step changed a parameter"

    first.grad[0, 0] = float("nan")
    refuses(FloatingPointError, "tensor0")
    first.grad[0, 0] = 0
    subject.param_groups[0]["betas"] = (1.0, 0.999)
    refuses(ValueError, "Beta1")
    subject.param_groups[0]["betas"] = (0.9, 0.999)
    gradient, first.grad = first.grad, None
    refuses(RuntimeError, "parameter 0 has no gradient")
    first.grad = gradient.t().contiguous().t()
    refuses(RuntimeError, "contiguous")
    first.grad = gradient
    values, first.data = first.data, first.data[:8].clone()
    first.grad = gradient[:8].clone()
    before[0] = first.detach().clone()
    refuses(RuntimeError, "parameter 0 has 136 elements, and had 17561")
    first.data, first.grad = values, gradient
    before[0] = values.clone()
    subject.step()
    assert difference(net.parameters(), before)[0] > 0, "a step after refusals changed nothing"


def loading(library):
    """States are loaded before and after the first step, and those that do not fit are refused before anything has changed."""
    net = model()
    subject = torch_step.AdamW(net.parameters(), library)
    backward(net, 0)
    subject.step()
    saved, before = copy.deepcopy(subject.state_dict()), [p.detach().clone() for p in net.parameters()]
    subject.step()
    after = [p.detach().clone() for p in net.parameters()]
    subject.load_state_dict(saved)
    with torch.no_grad():
        for p, value in zip(net.parameters(), before):
            p.copy_(value)
    subject.step()
    assert difference(net.parameters(), after)[0] == 0, "a step from a loaded state has other bits"

    kept = copy.deepcopy(subject.state_dict())
    mixed, partial = copy.deepcopy(saved), copy.deepcopy(saved)
    mixed["state"][0]["step"] += 1
    del partial["state"][1]
    for wrong in (mixed, partial):
        try:
            subject.load_state_dict(wrong)
        except ValueError as raised:
            assert "of 4 parameters" in str(raised), raised
        else:
            raise AssertionError("a state_dict that does not fit was loaded")
    now = subject.state_dict()["state"]
    assert all(torch.equal(now[i][name], kept["state"][i][name]) for i in now for name in now[i]), "a refused state_dict changed a state"


def lifetime(library):
    """States are memory of the library: it must live as long as the last tensor over it, and no longer."""
    net = model()
    subject = torch_step.AdamW(net.parameters(), library)
    backward(net, 0)
    subject.step()
    native = weakref.ref(subject._optimizer)
    saved = subject.state_dict()
    del subject
    gc.collect()
    assert native() is not None, "the states were freed while a state_dict had them"
    del saved
    gc.collect()
    assert native() is None, "the states were never freed"

    subject = torch_step.AdamW(net.parameters(), library)
    try:
        copy.deepcopy(subject)
    except TypeError as raised:
        assert "state_dict" in str(raised), raised
    else:
        raise AssertionError("an optimizer was copied, with the memory of the other")


def main():
    library = sys.argv[1]
    refusals(library)
    loading(library)
    lifetime(library)
    (bits, relative), (state_bits, state_relative) = compare(library, 200)
    print(f"torch {torch.__version__}")
    print(f"parameters after 200 steps: {bits} elements differ, at most by {relative:.1e}")
    print(f"states: {state_bits} elements differ, at most by {state_relative:.1e}")
    sys.exit(1 if max(relative, state_relative) > 1e-4 else 0)


main()
