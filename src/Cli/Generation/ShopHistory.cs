namespace Segmentation.Cli.Generation;

/// <summary>
/// The history of a simulated shop. The number of events is fixed, so they are dealt out to the customers by weight (rate times length of
/// stay) and placed evenly in each one's stay: that is what independent random buyers look like once their total is known.
/// </summary>
internal sealed class ShopHistory
{
    private const double DayMs = 86_400_000;
    private const double OrderShare = 0.30;
    private const double RefundsPerOrder = 0.04;
    private const double EmailShare = 0.45;
    private const double CartShare = 0.35;
    private const int EventsPerVisitor = 10_000;

    private readonly ShopSettings _settings;
    private readonly ReplayableRandom _random;
    private readonly List<ShopEvent> _events;
    private readonly int[] _numbers = new int[Enum.GetValues<ShopEventKind>().Length];

    private ShopHistory(ShopSettings settings)
    {
        _settings = settings;
        _random = new ReplayableRandom(settings.Seed);
        _events = new List<ShopEvent>(settings.Events);
        ShopCustomer[] customers = new ShopCustomer[settings.Customers];
        for (int i = 0; i < customers.Length; i++)
            customers[i] = ShopCustomer.Draw(settings, i, _random);
        Customers = customers;
    }

    public IReadOnlyList<ShopCustomer> Customers { get; }

    /// <summary>In the order of time.</summary>
    public IReadOnlyList<ShopEvent> Events => _events;

    public static ShopHistory Generate(ShopSettings settings)
    {
        var history = new ShopHistory(settings);
        int orders = Math.Clamp((int)(settings.Events * OrderShare), settings.Customers, settings.Events);
        history.AddOrders(orders);
        history.AddRefunds((int)Math.Min(orders * RefundsPerOrder, settings.Events - orders));
        history.AddEmails((int)((settings.Events - history._events.Count) * EmailShare));
        history.AddCarts((int)((settings.Events - history._events.Count) * CartShare));
        history.AddViews(settings.Events - history._events.Count);
        history._events.Sort(static (a, b) =>
            (a.AtMs, a.Kind, a.Number).CompareTo((b.AtMs, b.Kind, b.Number)));
        return history;
    }

    private void AddOrders(int count)
    {
        for (int i = 0; i < Customers.Count; i++)
            AddOrder(i, Customers[i].FirstOrderMs);
        var deal = new WeightedDeal([.. Customers.Select(c => c.OrderRate * (c.LeavesMs - c.FirstOrderMs) / DayMs)]);
        while (_events.Count < count)
        {
            // In a shop where nobody stays, the further orders are anybody's.
            int index = deal.IsEmpty ? _random.Below(Customers.Count) : deal.Draw(_random);
            ShopCustomer customer = Customers[index];
            AddOrder(index, ShopClock.Draw(_random, customer.FirstOrderMs, customer.LeavesMs));
        }
    }

    private void AddOrder(int index, long atMs)
    {
        ShopCustomer customer = Customers[index];
        int cents = (int)Math.Clamp(Math.Exp(customer.LogBasket + (0.45 * _random.Normal())), 100, 500_000);
        int channel = _random.Chance(0.8) ? customer.Channel : _random.Below(ShopVocabulary.Channels.Count);
        byte items = (byte)Math.Min(20, 1 + (int)_random.Exponential(1.5));
        Add(new ShopEvent(atMs, ShopEventKind.Order, index, Number: 0, cents, (byte)channel, Category(customer), Items: items));
    }

    /// <summary>Takes back as many different orders as possible, at most <paramref name="count"/>; one in four only in part.</summary>
    private void AddRefunds(int count)
    {
        ShopEvent[] candidates = [.. _events.Where(order => order.AtMs + DayMs < _settings.UntilMs)];
        for (int i = 0; i < Math.Min(count, candidates.Length); i++)
        {
            int pick = i + _random.Below(candidates.Length - i);
            (candidates[i], candidates[pick]) = (candidates[pick], candidates[i]);
            ShopEvent order = candidates[i];
            long delayMs = 3_600_000 + (long)_random.Exponential(6 * DayMs);
            int cents = _random.Chance(0.25) ? Math.Max(1, (int)(order.Cents * (0.2 + (0.6 * _random.Unit())))) : order.Cents;
            long atMs = Math.Min(order.AtMs + delayMs, _settings.UntilMs - 1000) / 1000 * 1000;
            Add(order with { AtMs = atMs, Kind = ShopEventKind.Refund, Cents = cents, RefundedNumber = order.Number });
        }
    }

    private void AddEmails(int count)
    {
        var deal = new WeightedDeal([.. Customers.Select(c => c.EmailRate * (GetsMailUntilMs(c) - c.FirstOrderMs) / DayMs)]);
        for (int i = 0; i < count && !deal.IsEmpty; i++)
        {
            int index = deal.Draw(_random);
            long atMs = ShopClock.Draw(_random, Customers[index].FirstOrderMs, GetsMailUntilMs(Customers[index]));
            Add(new ShopEvent(atMs, ShopEventKind.Email, index, Number: 0));
        }
    }

    private void AddCarts(int count)
    {
        int until = _events.Count + count;
        var carts = new ShopCarts(_settings, _random);
        ShopEvent[] orders = [.. _events.Where(one => one.Kind is ShopEventKind.Order && one.Channel < ShopVocabulary.OnlineChannels)];
        WeightedDeal visitors = Visitors();
        for (int i = 0; _events.Count < until;)
        {
            ShopEvent[] visit;
            if (i < orders.Length && carts.DrawIsOrdered())
            {
                int pick = i + _random.Below(orders.Length - i);
                (orders[i], orders[pick]) = (orders[pick], orders[i]);
                visit = carts.LeadingTo(orders[i++]);
            }
            else
            {
                visit = carts.Abandoned(DrawView(visitors));
            }
            foreach (ShopEvent one in visit.Take(until - _events.Count))
                Add(one);
        }
    }

    /// <summary>A few of them just before the end, so that somebody is in the shop.</summary>
    private void AddViews(int count)
    {
        WeightedDeal visitors = Visitors();
        int present = Math.Min(count, _settings.Events / EventsPerVisitor);
        for (int i = 0; i < count; i++)
        {
            ShopEvent view = DrawView(visitors);
            Add(i < present ? view with { AtMs = (_settings.UntilMs - 1000 - _random.Below(50_000)) / 1000 * 1000 } : view);
        }
    }

    private WeightedDeal Visitors() => new([.. Customers.Select(c => (0.2 + c.OrderRate) * (ReadsUntilMs(c) - c.FirstOrderMs + DayMs) / DayMs)]);

    private ShopEvent DrawView(WeightedDeal visitors)
    {
        int index = visitors.Draw(_random);
        ShopCustomer customer = Customers[index];
        long atMs = ShopClock.Draw(_random, customer.FirstOrderMs, ReadsUntilMs(customer));
        return new ShopEvent(atMs, ShopEventKind.View, index, Number: 0, Channel: (byte)_random.Weighted([65, 35]), Category: Category(customer));
    }

    private void Add(in ShopEvent one) => _events.Add(one with { Number = ++_numbers[(int)one.Kind] });

    /// <summary>Interest ends some weeks after the last order.</summary>
    private long ReadsUntilMs(ShopCustomer customer) => (long)Math.Min(_settings.UntilMs - 1, customer.LeavesMs + (45 * DayMs));

    /// <summary>Who has withdrawn gets no mail any more.</summary>
    private long GetsMailUntilMs(ShopCustomer customer) => customer.EmailConsent is { IsSubscribed: false } withdrawn
        ? Math.Min(withdrawn.SinceMs, ReadsUntilMs(customer))
        : ReadsUntilMs(customer);

    private byte Category(ShopCustomer customer) =>
        (byte)(_random.Chance(0.65) ? customer.Category : _random.Below(ShopVocabulary.Categories.Count));
}
