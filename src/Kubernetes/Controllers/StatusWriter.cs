using System.Text.Json;
using System.Text.Json.Nodes;
using Kubernetes.Client;
using Kubernetes.Informers;
using Kubernetes.LeaderElection;
using Kubernetes.Model;

namespace Kubernetes.Controllers;

/// <summary>
/// The one place where status is written: only when it differs from what the server has, and for one object at most
/// <see cref="Burst"/> times at once and then once per interval.
/// </summary>
internal sealed class StatusWriter<T>(
    KubernetesClient client, OwnWrites<T> ownWrites, TimeSpan interval, Leadership leadership, TimeProvider time)
    where T : class, IKubernetesObject
{
    public const int Burst = 5;

    private const int MaxTries = 5;
    private const string ConditionsField = "conditions";

    private readonly EntityType<T> _type = client.Types.Of<T>();
    private readonly RateLimiter<EntityKey> _rate = new(Burst, interval, time);

    /// <summary>Writes the status when it changed.</summary>
    /// <param name="before">The object as the controller was given it.</param>
    /// <param name="after">The object as the controller left it.</param>
    /// <param name="seenVersion">The version in the store at that time.</param>
    public async Task<StatusOutcome<T>> WriteAsync(T before, T after, string? seenVersion, CancellationToken cancellationToken)
    {
        if (_type.StatusOf(after) is not { } wanted)
            return new(before, Deferred: null);
        if (_type.StatusOf(before) is { } stored && JsonElement.DeepEquals(stored, wanted))
            return new(before, Deferred: null);
        var key = EntityKey.Of(before);
        if (_rate.Take(key) is { } wait)
            return new(before, wait);
        if (await ApplyAsync(before, after, cancellationToken) is not { } answer)
            return new(before, Deferred: null); // gone, or a successor has its name: the watch will say so
        ownWrites.Wrote(key, seenVersion, answer);
        return new(answer, Deferred: null);
    }

    /// <summary>Null when the object is gone. A successor of the same name never gets its predecessor's status.</summary>
    private async Task<T?> ApplyAsync(T before, T after, CancellationToken cancellationToken)
    {
        after.Metadata.ResourceVersion = before.Metadata.ResourceVersion;
        for (var tries = 1; ; tries++)
        {
            try
            {
                var applied = await client.ApplyStatusAsync(after, cancellationToken);
                return Removes(applied, after) ? await ReplaceConditionsAsync(applied, after, cancellationToken) : applied;
            }
            catch (NotFoundException)
            {
                return null;
            }
            catch (InvalidException) when (tries < MaxTries && Removes(before, after))
            {
                // Where the other owner has only parts of the removed condition, what is left of it is not valid.
                var replaced = await ReplaceConditionsAsync(after, after, cancellationToken);
                after.Metadata.ResourceVersion = replaced.Metadata.ResourceVersion;
            }
            catch (ConflictException) when (tries < MaxTries && leadership.IsProven)
            {
                // Somebody changed the object meanwhile. What was observed is still worth saying, if it is the same object, unless that
                // somebody may be a successor, who knows better.
                var current = await client.FindAsync<T>(before.Metadata.Namespace, before.Metadata.Name, cancellationToken);
                if (current is null || current.Metadata.Uid != before.Metadata.Uid)
                    return null;
                after.Metadata.ResourceVersion = current.Metadata.ResourceVersion;
            }
        }
    }

    public void Forget(EntityKey key) => _rate.Forget(key);

    // Servers before 1.21 note whoever created the object as an owner of its defaulted status, and an apply removes nothing that another owns.
    private Task<T> ReplaceConditionsAsync(T applied, T wanted, CancellationToken cancellationToken)
    {
        var fields = new JsonObject
        {
            ["metadata"] = new JsonObject { ["resourceVersion"] = applied.Metadata.ResourceVersion },
            ["status"] = new JsonObject { ["conditions"] = JsonArray.Create(_type.StatusOf(wanted)!.Value.GetProperty(ConditionsField)) },
        };
        return client.PatchAsync<T>(applied.Metadata.Namespace, applied.Metadata.Name, Patch.Merge(fields), cancellationToken, "status");
    }

    private bool Removes(T before, T after) => ConditionTypesOf(before).Except(ConditionTypesOf(after)).Any();

    private IEnumerable<string?> ConditionTypesOf(T entity) =>
        _type.StatusOf(entity) is { } status && status.TryGetProperty(ConditionsField, out var conditions) && conditions.ValueKind == JsonValueKind.Array
            ? conditions.EnumerateArray().Select(condition => condition.GetProperty("type").GetString())
            : [];
}

/// <param name="Entity">The newest known state.</param>
/// <param name="Deferred">When not null, nothing was written; it is allowed after this time.</param>
internal readonly record struct StatusOutcome<T>(T Entity, TimeSpan? Deferred);
