namespace Segmentation.Resources;

/// <summary>Which segments refer to which; finds an order to build them in, and circles.</summary>
internal sealed class ReferenceGraph(IReadOnlyDictionary<string, string[]> references)
{
    /// <summary>A circle longer than this is cut short in the message: nobody reads further.</summary>
    private const int ShownCycleMax = 12;

    private readonly Dictionary<string, (int Index, int Low)> visited = new(references.Count, StringComparer.Ordinal);
    private readonly HashSet<string> onStack = new(StringComparer.Ordinal);
    private readonly Stack<string> stack = new();
    private readonly List<IReadOnlyCollection<string>> components = [];

    /// <summary>
    /// Groups of segments that refer to one another in a circle, or single ones, each group after all that it refers to (Tarjan; with a
    /// stack of its own, for chains may be thousands long).
    /// </summary>
    public IReadOnlyList<IReadOnlyCollection<string>> InBuildOrder()
    {
        foreach (var name in references.Keys.Order(StringComparer.Ordinal))
        {
            if (!visited.ContainsKey(name))
                Visit(name);
        }

        return components;
    }

    /// <summary>
    /// A shortest circle from the segment back to itself within its group, such as <c>a → b → a</c>; null when there is none.
    /// </summary>
    public string? CycleThrough(string name, IReadOnlyCollection<string> group)
    {
        var within = group as IReadOnlySet<string> ?? group.ToHashSet(StringComparer.Ordinal);
        var cameFrom = new Dictionary<string, string>(StringComparer.Ordinal);
        var frontier = new Queue<(string Name, int Steps)>([(name, 0)]);
        while (frontier.TryDequeue(out var at))
        {
            if (at.Steps == ShownCycleMax)
                return $"{PathTo(name, at.Name, cameFrom)} → … → {name}";
            foreach (var next in references[at.Name])
            {
                if (next == name)
                    return $"{PathTo(name, at.Name, cameFrom)} → {name}";
                if (within.Contains(next) && cameFrom.TryAdd(next, at.Name))
                    frontier.Enqueue((next, at.Steps + 1));
            }
        }

        return null;
    }

    private void Visit(string root)
    {
        var work = new Stack<(string Name, int NextChild)>();
        Enter(root, work);
        while (work.TryPop(out var at))
        {
            var children = references[at.Name];
            if (at.NextChild < children.Length)
            {
                work.Push((at.Name, at.NextChild + 1));
                var child = children[at.NextChild];
                if (!visited.TryGetValue(child, out var seen))
                    Enter(child, work);
                else if (onStack.Contains(child))
                    Lower(at.Name, seen.Index);
                continue;
            }

            if (visited[at.Name] is var (index, low) && index == low)
                components.Add(PopComponent(at.Name));
            if (work.TryPeek(out var parent))
                Lower(parent.Name, visited[at.Name].Low);
        }
    }

    private void Enter(string name, Stack<(string Name, int NextChild)> work)
    {
        visited[name] = (visited.Count, visited.Count);
        stack.Push(name);
        onStack.Add(name);
        work.Push((name, 0));
    }

    private void Lower(string name, int low)
    {
        var (index, known) = visited[name];
        visited[name] = (index, Math.Min(known, low));
    }

    private HashSet<string> PopComponent(string root)
    {
        var component = new HashSet<string>(StringComparer.Ordinal);
        string name;
        do
        {
            name = stack.Pop();
            onStack.Remove(name);
            component.Add(name);
        }
        while (name != root);
        return component;
    }

    private static string PathTo(string from, string to, Dictionary<string, string> cameFrom)
    {
        var path = new List<string> { to };
        while (path[^1] != from)
            path.Add(cameFrom[path[^1]]);
        path.Reverse();
        return string.Join(" → ", path);
    }
}
