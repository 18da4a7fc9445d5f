"""Times a step over the parameters of ResNet-50. Usage: time_step.py PATH_OF_LIBRARY [THREADS]"""
import os
import statistics
import sys
import time

import torch

import torch_step

THREADS = int(sys.argv[2]) if len(sys.argv) > 2 else 1


def resnet50():
    """The shapes of the 161 parameters of ResNet-50, 25,557,032 elements. Source: He et al., 2016, table 1, and torchvision.models.resnet50."""
    shapes = [(64, 3, 7, 7), (64,), (64,)]
    inputs = 64
    for width, blocks in ((64, 3), (128, 4), (256, 6), (512, 3)):
        for block in range(blocks):
            shapes += [(width, inputs, 1, 1), (width,), (width,), (width, width, 3, 3), (width,), (width,)]
            shapes += [(4 * width, width, 1, 1), (4 * width,), (4 * width,)]
            if block == 0:
                shapes += [(4 * width, inputs, 1, 1), (4 * width,), (4 * width,)]
            inputs = 4 * width
    return shapes + [(1000, 2048), (1000,)]


def tensors():
    generator = torch.Generator().manual_seed(1)
    result = []
    for shape in resnet50():
        tensor = torch.nn.Parameter(torch.randn(shape, generator=generator) * 0.05)
        tensor.grad = torch.randn(shape, generator=generator) * 0.01
        result.append(tensor)
    return result


def main():
    torch.set_num_threads(THREADS)
    library = sys.argv[1]
    contestants = {
        "torch_step.AdamW, unchecked": torch_step.AdamW(tensors(), library, check_finite=False),
        "torch_step.AdamW": torch_step.AdamW(tensors(), library),
        "torch.optim.AdamW": torch.optim.AdamW(tensors()),
        "torch.optim.AdamW(foreach=True)": torch.optim.AdamW(tensors(), foreach=True),
        "torch.optim.Adam": torch.optim.Adam(tensors()),
    }
    if tuple(int(part) for part in torch.__version__.split(".")[:2]) >= (2, 4):
        # The first version whose fused kernel is for CPUs too.
        contestants["torch.optim.AdamW(fused=True)"] = torch.optim.AdamW(tensors(), fused=True)
    assert sum(p.numel() for p in contestants["torch.optim.Adam"].param_groups[0]["params"]) == 25_557_032
    times = {name: [] for name in contestants}
    # In turns, so that what else the machine does meets all of them alike. The first two rounds allocate states and warm up.
    for round in range(22):
        for name, optimizer in contestants.items():
            start = time.perf_counter()
            optimizer.step()
            if round >= 2:
                times[name].append(time.perf_counter() - start)
    print(f"torch {torch.__version__}, {THREADS} thread(s) of {os.cpu_count()} processors, 20 steps over 161 tensors")
    print(f"{'':32} {'median':>11}           {'fastest':>11}")
    base = times["torch_step.AdamW"]
    for name, measured in times.items():
        median, fastest = statistics.median(measured), min(measured)
        print(f"{name:32} {median * 1e3:8.1f} ms {median / statistics.median(base):6.2f} x  {fastest * 1e3:8.1f} ms {fastest / min(base):6.2f} x")


main()
