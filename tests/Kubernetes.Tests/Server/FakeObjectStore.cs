using System.Globalization;
using System.Text.Json.Nodes;

namespace Kubernetes.Tests.Server;

/// <summary>One change, as a watch reports it.</summary>
internal sealed record StoredChange(long Version, string Type, string Collection, string? Namespace, JsonObject Object);

/// <summary>
/// What an API server keeps: objects by path, one version counter, and the changes since the last compaction. It treats metadata
/// as the real one does (uid, generation, finalizers hold back a deletion).
/// </summary>
internal sealed class FakeObjectStore
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, JsonObject> _objects = new(StringComparer.Ordinal);
    private readonly List<StoredChange> _changes = [];
    private long _version = 100;
    private long _compactedBelow;
    private int _uids;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public long Version
    {
        get
        {
            lock (_lock)
                return _version;
        }
    }

    public JsonObject? Get(string path)
    {
        lock (_lock)
            return _objects.TryGetValue(path, out var found) ? Copy(found) : null;
    }

    public IReadOnlyList<JsonObject> List(string collection, string? @namespace, string? labelSelector = null)
    {
        lock (_lock)
        {
            return [.. _objects.Values.Where(item => item["$collection"]!.GetValue<string>() == collection
                && (@namespace is null || item["metadata"]!["namespace"]?.GetValue<string>() == @namespace)
                && IsSelected(item, labelSelector)).Select(Copy)];
        }
    }

    /// <summary>Whether an object has the labels asked for; of the selectors only <c>key=value</c>, or none, is understood.</summary>
    public static bool IsSelected(JsonObject item, string? labelSelector) =>
        labelSelector?.Split('=') is not [var key, var value] || item["metadata"]!["labels"]?[key]?.GetValue<string>() == value;

    public JsonObject Create(string collection, string path, JsonObject body)
    {
        lock (_lock)
        {
            var stored = Copy(body);
            var metadata = stored["metadata"]!.AsObject();
            metadata["uid"] = $"uid-{++_uids}";
            metadata["generation"] = 1L;
            metadata["creationTimestamp"] = "2024-01-01T00:00:00Z";
            stored["$collection"] = collection;
            Store(path, "ADDED", stored);
            return Copy(stored);
        }
    }

    /// <summary>Reads, changes and stores in one step. Nothing is stored when there is no such object or the change refuses.</summary>
    public (JsonObject? Stored, bool Refused) Change(string path, Func<JsonObject, bool> change)
    {
        lock (_lock)
        {
            if (Get(path) is not { } current)
                return (null, Refused: false);
            return change(current) ? (Update(path, current), Refused: false) : (null, Refused: true);
        }
    }

    /// <summary>Stores a changed object; without a difference nothing happens, as on the real server.</summary>
    public JsonObject Update(string path, JsonObject body)
    {
        lock (_lock)
        {
            var old = _objects[path];
            var next = Copy(body);
            next["$collection"] = old["$collection"]!.DeepClone();
            if (JsonNode.DeepEquals(old, next))
                return Copy(old);
            if (!JsonNode.DeepEquals(old["spec"], next["spec"]))
                next["metadata"]!["generation"] = old["metadata"]!["generation"]!.GetValue<long>() + 1;
            var finalizers = next["metadata"]!["finalizers"]?.AsArray();
            if (next["metadata"]!["deletionTimestamp"] is not null && (finalizers is null || finalizers.Count == 0))
                return Drop(path, next);
            Store(path, "MODIFIED", next);
            return Copy(next);
        }
    }

    public bool Delete(string path)
    {
        lock (_lock)
        {
            if (!_objects.TryGetValue(path, out var found))
                return false;
            if (found["metadata"]!["finalizers"]?.AsArray() is { Count: > 0 })
            {
                var going = Copy(found);
                going["$collection"] = found["$collection"]!.DeepClone();
                going["metadata"]!["deletionTimestamp"] ??= "2024-01-02T00:00:00Z";
                Store(path, "MODIFIED", going);
            }
            else
            {
                Drop(path, Copy(found));
            }

            return true;
        }
    }

    /// <summary>Forgets every change so far: whoever asks for an older version gets 410.</summary>
    public void Compact()
    {
        lock (_lock)
        {
            _changes.Clear();
            _compactedBelow = ++_version;
        }
    }

    /// <summary>The changes after a version, and a task that completes with the next one; null when they were compacted.</summary>
    public (IReadOnlyList<StoredChange> Changes, Task Next)? ChangesSince(long version)
    {
        lock (_lock)
            return version < _compactedBelow ? null : ([.. _changes.Where(change => change.Version > version)], _changed.Task);
    }

    public static JsonObject Public(JsonObject stored)
    {
        var copy = stored.DeepClone().AsObject();
        copy.Remove("$collection");
        return copy;
    }

    private JsonObject Drop(string path, JsonObject last)
    {
        var collection = _objects[path]["$collection"]!.GetValue<string>();
        _objects.Remove(path);
        last["$collection"] = collection;
        Log("DELETED", last);
        return Copy(last);
    }

    private void Store(string path, string type, JsonObject item)
    {
        _objects[path] = item;
        Log(type, item);
    }

    private void Log(string type, JsonObject item)
    {
        item["metadata"]!["resourceVersion"] = (++_version).ToString(CultureInfo.InvariantCulture);
        _changes.Add(new(_version, type, item["$collection"]!.GetValue<string>(), item["metadata"]!["namespace"]?.GetValue<string>(), Public(item)));
        var changed = _changed;
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        changed.SetResult();
    }

    private static JsonObject Copy(JsonObject item) => item.DeepClone().AsObject();
}
