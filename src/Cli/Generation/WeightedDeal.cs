namespace Segmentation.Cli.Generation;

/// <summary>Deals out to many, each as often as its weight asks; a draw costs a binary search.</summary>
internal sealed class WeightedDeal
{
    private readonly double[] _cumulated;

    /// <param name="weights">None negative.</param>
    public WeightedDeal(double[] weights)
    {
        _cumulated = weights;
        for (int i = 1; i < weights.Length; i++)
            _cumulated[i] += _cumulated[i - 1];
    }

    /// <summary>Whether all weights are 0, so that nothing can be drawn.</summary>
    public bool IsEmpty => _cumulated is [] || _cumulated[^1] <= 0;

    /// <summary>An index; one with weight 0 never comes.</summary>
    public int Draw(ReplayableRandom random)
    {
        double at = random.Unit() * _cumulated[^1];
        int low = 0;
        int high = _cumulated.Length - 1;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_cumulated[middle] > at)
                high = middle;
            else
                low = middle + 1;
        }
        return low;
    }
}
