"""Writes schedule_tables.json: values of schedules of torch and optax for their counts k = 0, 1, ..., computed from the published formulas.

Each function follows the source of its namesake (torch/optim/lr_scheduler.py of torch 2.x, optax/schedules/_schedule.py of optax 0.2), in its order of
operations, with Python's math module only. Run: python3 schedule_tables.py
"""

import json
import math
import pathlib


def linear_lr(base, start_factor, end_factor, total_iters, k):
    return base * (start_factor + (end_factor - start_factor) * min(total_iters, k) / total_iters)


def linear_schedule(init_value, end_value, transition_steps, k):
    return polynomial_schedule(init_value, end_value, 1, transition_steps, k)


def polynomial_schedule(init_value, end_value, power, transition_steps, k):
    count = min(max(k, 0), transition_steps)
    frac = 1 - count / transition_steps
    return (init_value - end_value) * (frac**power) + end_value


def polynomial_lr(base, total_iters, power, k):
    """The recurrence of get_lr, not its closed form."""
    rate = base
    for epoch in range(1, min(k, total_iters) + 1):
        rate *= ((1.0 - epoch / total_iters) / (1.0 - (epoch - 1) / total_iters)) ** power
    return rate


def cosine_annealing_lr(base, t_max, eta_min, k):
    return eta_min + (base - eta_min) * (1 + math.cos(math.pi * k / t_max)) / 2


def cosine_decay_schedule(init_value, decay_steps, alpha, k):
    count = min(k, decay_steps)
    cosine_decay = 0.5 * (1 + math.cos(math.pi * count / decay_steps))
    return init_value * ((1 - alpha) * cosine_decay + alpha)


def cosine_annealing_warm_restarts(base, t_0, t_mult, eta_min, k):
    """step() called without an epoch, k times."""
    t_cur, t_i = 0, t_0
    for _ in range(k):
        t_cur += 1
        if t_cur >= t_i:
            t_cur -= t_i
            t_i *= t_mult
    return eta_min + (base - eta_min) * (1 + math.cos(math.pi * t_cur / t_i)) / 2


def one_cycle_lr(start, top, end, total_steps, pct_start, strategy, k):
    def annealing_cos(a, b, pct):
        return b + (a - b) / 2.0 * (math.cos(math.pi * pct) + 1)

    def annealing_linear(a, b, pct):
        return (b - a) * pct + a

    anneal = annealing_cos if strategy == "cos" else annealing_linear
    phases = [(float(pct_start * total_steps) - 1, start, top), (total_steps - 1, top, end)]
    start_step = 0
    for i, (end_step, a, b) in enumerate(phases):
        if k <= end_step or i == len(phases) - 1:
            return anneal(a, b, (k - start_step) / (end_step - start_step))
        start_step = end_step


def one_cycle_rate(max_lr, total_steps, pct_start, div_factor, final_div_factor, strategy, k):
    initial = max_lr / div_factor
    return one_cycle_lr(initial, max_lr, initial / final_div_factor, total_steps, pct_start, strategy, k)


def step_lr(base, step_size, gamma, k):
    return base * gamma ** (k // step_size)


def multi_step_lr(base, milestones, gamma, k):
    """The recurrence of get_lr."""
    rate = base
    for epoch in range(1, k + 1):
        if epoch in milestones:
            rate *= gamma
    return rate


def exponential_lr(base, gamma, k):
    return base * gamma**k


def cyclic_lr(base_lr, max_lr, up, down, mode, gamma, k):
    total_size = float(up + down)
    step_ratio = up / total_size
    cycle = math.floor(1 + k / total_size)
    x = 1.0 + k / total_size - cycle
    scale_factor = x / step_ratio if x <= step_ratio else (x - 1) / (step_ratio - 1)
    base_height = (max_lr - base_lr) * scale_factor
    scale = {"triangular": 1.0, "triangular2": 1 / (2.0 ** (cycle - 1)), "exp_range": gamma**k}[mode]
    return base_lr + base_height * scale


def piecewise_interpolate_schedule(init_value, boundaries_and_scales, k):
    """Of the type linear."""
    boundaries = [0] + list(boundaries_and_scales)
    values = [init_value]
    for scale in boundaries_and_scales.values():
        values.append(values[-1] * scale)
    for i in range(len(boundaries) - 1):
        if boundaries[i] <= k < boundaries[i + 1]:
            pct = (k - boundaries[i]) / (boundaries[i + 1] - boundaries[i])
            return (values[i + 1] - values[i]) * pct + values[i]
    return values[-1]


def piecewise_constant_schedule(init_value, boundaries_and_scales, k):
    value = init_value
    for threshold, scale in boundaries_and_scales.items():
        if k >= threshold:
            value *= scale
    return value


def warmup_cosine_decay_schedule(init_value, peak_value, warmup_steps, decay_steps, end_value, k):
    if k < warmup_steps:
        return linear_schedule(init_value, peak_value, warmup_steps, k)
    return cosine_decay_schedule(peak_value, decay_steps - warmup_steps, end_value / peak_value, k - warmup_steps)


def sequential_linear_step(base, start_factor, total_iters, step_size, gamma, k):
    """SequentialLR([LinearLR, StepLR], milestones=[total_iters])."""
    return linear_lr(base, start_factor, 1.0, total_iters, k) if k < total_iters else step_lr(base, step_size, gamma, k - total_iters)


def exponential_then_constant(init_value, peak_value, transition_steps, k):
    """optax.join_schedules of exponential_decay(init_value, transition_steps, peak_value / init_value) and a constant."""
    return init_value * (peak_value / init_value) ** (k / transition_steps) if k < transition_steps else peak_value


def warmup_stable_decay(maximum, warmup, stable, decay, final, tail, k):
    """Hägele et al. 2024 (arXiv:2405.18392), section 3: a linear warm-up, the maximum, and f(n) times what is left to the final value."""
    if k < warmup:
        return maximum * k / warmup
    if k <= warmup + stable:
        return maximum
    passed = min((k - warmup - stable) / decay, 1)
    return final + (maximum - final) * (1 - passed if tail == "linear" else 1 - math.sqrt(passed))


CASES = {
    "LinearLR": (linear_lr, (0.5, 1 / 3, 1.0, 5), 12),
    "linear_schedule": (linear_schedule, (0.1, 0.01, 7), 12),
    "polynomial_schedule": (polynomial_schedule, (1.0, 0.1, 2.5, 8), 12),
    "PolynomialLR": (polynomial_lr, (0.1, 6, 2.0), 10),
    "CosineAnnealingLR": (cosine_annealing_lr, (0.1, 20, 0.001), 21),
    "cosine_decay_schedule": (cosine_decay_schedule, (0.1, 9, 0.05), 14),
    "CosineAnnealingWarmRestarts": (cosine_annealing_warm_restarts, (0.1, 3, 2, 0.001), 50),
    "CosineAnnealingWarmRestarts of one length": (cosine_annealing_warm_restarts, (0.1, 4, 1, 0.0), 14),
    "OneCycleLR cos": (one_cycle_rate, (0.1, 20, 0.3, 25.0, 1e4, "cos"), 20),
    "OneCycleLR cos, momentum": (one_cycle_lr, (0.95, 0.85, 0.95, 20, 0.3, "cos"), 20),
    "OneCycleLR linear": (one_cycle_rate, (0.2, 17, 0.25, 10.0, 100.0, "linear"), 17),
    "OneCycleLR linear, momentum": (one_cycle_lr, (0.9, 0.8, 0.9, 17, 0.25, "linear"), 17),
    "OneCycleLR without a rise": (one_cycle_rate, (0.1, 8, 0.0, 25.0, 1e4, "cos"), 8),
    "OneCycleLR without a fall": (one_cycle_rate, (0.1, 8, 1.0, 25.0, 1e4, "cos"), 8),
    "StepLR": (step_lr, (0.8, 3, 0.5), 12),
    "MultiStepLR": (multi_step_lr, (0.5, [3, 5, 9], 0.1), 14),
    "ExponentialLR": (exponential_lr, (0.1, 0.9), 20),
    "CyclicLR triangular": (cyclic_lr, (0.01, 0.1, 4, 6, "triangular", 1.0), 35),
    "CyclicLR triangular2": (cyclic_lr, (0.01, 0.1, 5, 5, "triangular2", 1.0), 35),
    "CyclicLR exp_range": (cyclic_lr, (0.01, 0.1, 4, 2, "exp_range", 0.97), 35),
    "piecewise_interpolate_schedule": (piecewise_interpolate_schedule, (1.0, {3: 0.5, 8: 0.1}), 12),
    "piecewise_constant_schedule": (piecewise_constant_schedule, (1.0, {3: 0.5, 8: 0.1}), 12),
    "warmup_cosine_decay_schedule": (warmup_cosine_decay_schedule, (0.02, 0.3, 5, 25, 0.01), 30),
    "SequentialLR of LinearLR and StepLR": (sequential_linear_step, (0.4, 0.25, 4, 2, 0.5), 12),
    "exponential_decay before a constant": (exponential_then_constant, (0.001, 0.1, 6), 10),
    "warm-up, stable, linear decay": (warmup_stable_decay, (0.3, 4, 5, 6, 0.0, "linear"), 20),
    "warm-up, stable, 1 - sqrt decay": (warmup_stable_decay, (0.3, 4, 5, 6, 0.03, "sqrt"), 20),
}

if __name__ == "__main__":
    tables = {name: [function(*arguments, k) for k in range(length)] for name, (function, arguments, length) in CASES.items()}
    lines = [f"  {json.dumps(name)}: {json.dumps(values)}" for name, values in tables.items()]
    pathlib.Path(__file__).with_suffix(".json").write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
