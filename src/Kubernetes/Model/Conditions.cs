namespace Kubernetes.Model;

/// <summary>The rules of the Kubernetes API conventions and of kstatus for a list of <see cref="Condition"/>s.</summary>
public static class Conditions
{
    /// <summary>The object does what its spec says.</summary>
    public const string Ready = "Ready";

    /// <summary>Work towards the current spec is under way. Present only while True.</summary>
    public const string Reconciling = "Reconciling";

    /// <summary>No progress without a change by a person. Present only while True.</summary>
    public const string Stalled = "Stalled";

    public const string True = "True";

    public const string False = "False";

    public const string Unknown = "Unknown";

    /// <summary>
    /// Puts a condition in the list, or replaces the one of the same type in place. <c>lastTransitionTime</c> becomes
    /// <paramref name="now"/> only when the status flips or the type is new.
    /// </summary>
    /// <param name="status"><c>True</c>, <c>False</c> or <c>Unknown</c>.</param>
    /// <param name="reason">CamelCase and not empty: the API conventions demand one.</param>
    /// <exception cref="ArgumentException">The status is another word, or the reason is empty.</exception>
    public static void Set(
        IList<Condition> conditions, string type, string status, string reason, string message, long observedGeneration, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(conditions);
        ArgumentException.ThrowIfNullOrEmpty(type);
        ArgumentException.ThrowIfNullOrEmpty(reason);
        if (status is not (True or False or Unknown))
            throw new ArgumentException($"A condition's status is True, False or Unknown, not '{status}'.", nameof(status));

        var index = IndexOf(conditions, type);
        var flipped = index < 0 || conditions[index].Status != status;
        var condition = new Condition
        {
            Type = type,
            Status = status,
            Reason = reason,
            Message = message,
            ObservedGeneration = observedGeneration,
            LastTransitionTime = flipped ? WholeSeconds(now) : conditions[index].LastTransitionTime,
        };
        if (index < 0)
            conditions.Add(condition);
        else
            conditions[index] = condition;
    }

    /// <summary>
    /// For conditions that are present only when True (<see cref="Reconciling"/>, <see cref="Stalled"/>): sets it True when
    /// <paramref name="holds"/>, and removes it otherwise.
    /// </summary>
    public static void SetOnlyWhenTrue(
        IList<Condition> conditions, bool holds, string type, string reason, string message, long observedGeneration, DateTimeOffset now)
    {
        if (holds)
            Set(conditions, type, True, reason, message, observedGeneration, now);
        else
            Remove(conditions, type);
    }

    /// <summary>Removes the condition of this type; says whether there was one.</summary>
    public static bool Remove(IList<Condition> conditions, string type)
    {
        ArgumentNullException.ThrowIfNull(conditions);
        var index = IndexOf(conditions, type);
        if (index < 0)
            return false;
        conditions.RemoveAt(index);
        return true;
    }

    /// <summary>The condition of this type, or null.</summary>
    public static Condition? Find(IEnumerable<Condition> conditions, string type) =>
        conditions.FirstOrDefault(condition => condition.Type == type);

    /// <summary>True when the condition is present and its status is <c>True</c>.</summary>
    public static bool IsTrue(IEnumerable<Condition> conditions, string type) => Find(conditions, type)?.Status == True;

    private static int IndexOf(IList<Condition> conditions, string type)
    {
        for (var i = 0; i < conditions.Count; i++)
        {
            if (conditions[i].Type == type)
                return i;
        }

        return -1;
    }

    // metav1.Time carries whole seconds; a fraction would make what we hold differ from what we read back.
    private static DateTimeOffset WholeSeconds(DateTimeOffset time) =>
        new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
}
