"""Writes high-precision.tsv: what the special functions and the models' formulas come to, at 80 digits.

    pip install mpmath==1.3.0 && python3 high-precision.py > high-precision.tsv

The formulas are those of the papers, with mpmath's hypergeometric function; the engine computes them in another way.
"""
from mpmath import mp, mpf, beta, digamma, exp, hyp2f1, log, loggamma

mp.dps = 80


def row(function, arguments, value):
    print("\t".join([function, " ".join(arguments), mp.nstr(value, 20, min_fixed=0, max_fixed=0)]))


def alive(r, alpha, a, b, x, tx, T):
    return 1 / (1 + (a / (b + x - 1) * ((alpha + T) / (alpha + tx)) ** (r + x) if x > 0 else 0))


def expected(r, alpha, a, b, x, tx, T, t):
    """Fader, Hardie, Lee (2005), formula (10)."""
    if a == 1:
        a += mpf(10) ** -40  # 0 / 0 there; the limit is the same to 40 digits
    c = a + b + x - 1
    never_gone = c / (a - 1) * (1 - ((alpha + T) / (alpha + T + t)) ** (r + x) * hyp2f1(r + x, b + x, c, t / (alpha + T + t)))
    return alive(r, alpha, a, b, x, tx, T) * never_gone


def median(r, alpha, a, b, x, tx, T):
    """t at which alive * (1 - ((alpha + T) / (alpha + T + t)) ** (r + x)) is one half."""
    here = alive(r, alpha, a, b, x, tx, T)
    return (alpha + T) * ((1 - 1 / (2 * here)) ** (-1 / (r + x)) - 1) if here > mpf(1) / 2 else mp.inf


print("# Made by high-precision.py: function, arguments, value to 20 digits.")
for z in ["0.001", "0.243", "1", "1.5", "2.426", "10", "365.25", "100000.5"]:
    row("gammaln", [z], loggamma(mpf(z)))
    row("digamma", [z], digamma(mpf(z)))
for z in ["-0.5", "-0.000123", "1e-18", "0.00000001", "0.0265", "1.5", "300"]:
    row("log1p", [z], log(1 + mpf(z)))
    row("expm1", [z], exp(mpf(z)) - 1)
for a, b in [("0.793", "2.426"), ("0.001", "0.001"), ("0.793", "3650.5"), ("1000", "10000"), ("1", "1")]:
    row("betaln", [a, b], log(beta(mpf(a), mpf(b))))

PUBLISHED = ("0.243", "4.414", "0.793", "2.426")
MODELS = [PUBLISHED, ("3.2", "52.5", "1", "4"), ("0.6", "7.5", "1.000001", "0.4"), ("0.05", "0.01", "0.001", "900"), ("40", "11", "300", "1000")]
CUSTOMERS = [("0", "0", "0"), ("0", "0", "38.86"), ("1", "0", "30"), ("2", "30.43", "38.86"), ("26", "30.86", "31"), ("7", "3", "520"), ("360", "51", "52"), ("3650", "521.25", "523")]
for model in MODELS:
    for customer in CUSTOMERS:
        arguments = [*map(mpf, model), *map(mpf, customer)]
        row("alive", [*model, *customer], alive(*arguments))
        row("median", [*model, *customer], median(*arguments))
        for t in ["0.001", "12.857142857142858", "104"]:
            if customer[1] == "0" and customer[2] == "0" and model[1] == "0.01" and t != "0.001":
                continue
            row("expected", [*model, *customer, t], expected(*arguments, mpf(t)))
