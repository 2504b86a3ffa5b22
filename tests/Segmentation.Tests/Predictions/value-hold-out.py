"""The numbers in ValueHoldOutTests.cs: the Gamma-Gamma model, fitted by Newton's steps to the first 39 weeks of the literature's customers, against
weeks 40 to 78. Needs nothing but Python.

    python3 value-hold-out.py ../../../../shared/data/cdnow/CDNOW_sample.txt
"""

import sys
from collections import defaultdict
from decimal import Decimal
from math import exp, lgamma, log

CALIBRATION_ENDS = "19970930"
STEP = 1e-3

days_of = defaultdict(lambda: defaultdict(Decimal))
with open(sys.argv[1]) as lines:
    for line in lines:
        _, customer, day, _, dollars = line.split()
        days_of[customer][day] += Decimal(dollars)

customers = []  # what the repeat purchases of either period came to
for days in days_of.values():
    repeats = [(day, float(days[day])) for day in sorted(days)[1:] if days[day] > 0]
    customers.append(([z for day, z in repeats if day <= CALIBRATION_ENDS], [z for day, z in repeats if day > CALIBRATION_ENDS]))


def parameters(at):
    return exp(at[0]), 1 + exp(at[1]), exp(at[2])


def likelihood(at):
    p, q, v = parameters(at)
    return sum(
        lgamma(p * len(z) + q) - lgamma(p * len(z)) - lgamma(q) + q * log(v) + (p * len(z) - 1) * log(sum(z)) + log(len(z)) - (p * len(z) + q) * log(v + sum(z))
        for z, _ in customers
        if z
    )


def near(at, *steps):
    moved = list(at)
    for i, step in steps:
        moved[i] += step * STEP
    return likelihood(moved)


def solved(matrix, right):
    rows = [row + [value] for row, value in zip(matrix, right)]
    for i in range(3):
        pivot = max(range(i, 3), key=lambda row: abs(rows[row][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        for row in range(3):
            if row != i:
                factor = rows[row][i] / rows[i][i]
                rows[row] = [a - factor * b for a, b in zip(rows[row], rows[i])]
    return [rows[i][3] / rows[i][i] for i in range(3)]


at = [log(6), log(2.5), log(15)]
for _ in range(12):
    slope = [(near(at, (i, 1)) - near(at, (i, -1))) / (2 * STEP) for i in range(3)]
    curvature = [
        [(near(at, (i, 1), (j, 1)) - near(at, (i, 1), (j, -1)) - near(at, (i, -1), (j, 1)) + near(at, (i, -1), (j, -1))) / (4 * STEP**2) for j in range(3)]
        for i in range(3)
    ]
    at = [a - b for a, b in zip(at, solved(curvature, slope))]

p, q, v = parameters(at)
both = []
for before, after in customers:
    if after:
        weight = p * len(before) / (p * len(before) + q - 1)
        own = sum(before) / len(before) if before else 0
        both.append(((1 - weight) * p * v / (q - 1) + weight * own, sum(after) / len(after)))
print(f"p {p:.4f}, q {q:.4f}, v {v:.4f}, log-likelihood {likelihood(at):.4f}")
print(f"customers {len(both)}, expected {sum(e for e, _ in both) / len(both):.5f}, actual {sum(a for _, a in both) / len(both):.5f}")
print(f"mean absolute error {sum(abs(e - a) for e, a in both) / len(both):.5f}")
