"""Writes reduce_on_plateau.txt: the learning rates of torch.optim.lr_scheduler.ReduceLROnPlateau, by the algorithm that its documentation and source state.

It shares nothing with the library. Each case is two lines: the settings and metrics, and the learning rate after each of the metrics. Metrics are not negative,
where PyTorch's relative threshold and the library's are the same, and eps is 0.  Run: python3 reduce_on_plateau.py > reduce_on_plateau.txt
"""

import random


class ReduceLROnPlateau:
    def __init__(self, lr, mode, factor, patience, threshold, threshold_mode, cooldown, min_lr):
        self.lr, self.mode, self.factor, self.patience = lr, mode, factor, patience
        self.threshold, self.threshold_mode = threshold, threshold_mode
        self.cooldown, self.min_lr, self.eps = cooldown, min_lr, 0
        self.best = float("inf") if mode == "min" else -float("inf")
        self.num_bad_epochs = self.cooldown_counter = 0

    def is_better(self, a, best):
        if self.mode == "min" and self.threshold_mode == "rel":
            return a < best * (1.0 - self.threshold)
        if self.mode == "min":
            return a < best - self.threshold
        if self.threshold_mode == "rel":
            return a > best * (self.threshold + 1.0)
        return a > best + self.threshold

    def step(self, metric):
        if self.is_better(metric, self.best):
            self.best = metric
            self.num_bad_epochs = 0
        else:
            self.num_bad_epochs += 1
        if self.cooldown_counter > 0:
            self.cooldown_counter -= 1
            self.num_bad_epochs = 0
        if self.num_bad_epochs > self.patience:
            new_lr = max(self.lr * self.factor, self.min_lr)
            if self.lr - new_lr > self.eps:
                self.lr = new_lr
            self.cooldown_counter = self.cooldown
            self.num_bad_epochs = 0
        return self.lr


def metrics(rng):
    level, values = rng.uniform(0.5, 5), []
    for _ in range(40):
        kind = rng.random()
        if kind < 0.04:
            values.append(float("nan"))
        elif kind < 0.06:
            values.append(float("inf"))
        elif kind < 0.25 and values:
            values.append(values[-1])
        else:
            level *= rng.choice([1, 0.9999, 0.99, 0.9, 1.05])
            values.append(float(f"{level * rng.choice([1, rng.uniform(0.95, 1.05)]):.7g}"))
    return values


rng = random.Random(20261121)
for case in range(60):
    settings = dict(
        lr=rng.choice([1.0, 0.1, 0.003]), mode=rng.choice(["min", "max"]), factor=rng.choice([0.1, 0.5, 0.9]), patience=rng.choice([0, 1, 2, 5]),
        threshold=rng.choice([0.0, 1e-4, 0.01, 0.2]), threshold_mode=rng.choice(["rel", "abs"]), cooldown=rng.choice([0, 1, 3]),
        min_lr=rng.choice([0.0, 0.0, 0.002, 0.05, 0.5]))
    scheduler = ReduceLROnPlateau(**settings)
    values = metrics(rng)
    print(" ".join(str(value) for value in settings.values()), *(repr(value) for value in values))
    print(*(repr(scheduler.step(value)) for value in values))
