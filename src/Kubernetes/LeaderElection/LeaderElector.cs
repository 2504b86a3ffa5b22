using System.Diagnostics.Metrics;
using Kubernetes.Client;
using Kubernetes.Model;
using Microsoft.Extensions.Logging;

namespace Kubernetes.LeaderElection;

/// <summary>
/// Takes the lease when it is free, renews it, and notices when that no longer succeeds. Another's lease counts as free
/// when it has not changed for its duration by our own clock; what its record says about time is never trusted.
/// </summary>
internal sealed class LeaderElector
{
    private readonly LeaderElectionOptions _options;
    private readonly LeaseRecord _record;
    private readonly Leadership _leadership;
    private readonly string _identity;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly ILogger _logger;
    private V1Lease? _seen;
    private long _seenAt;

    public LeaderElector(
        LeaderElectionOptions options, LeaseRecord record, Leadership leadership, string identity, IMeterFactory meters,
        TimeProvider time, Random random, ILogger<LeaderElector> logger)
    {
        _options = options;
        _record = record;
        _leadership = leadership;
        _identity = identity;
        _time = time;
        _random = random;
        _logger = logger;
        meters.Create(RuntimeMetrics.MeterName).CreateObservableGauge(
            "leader_election_master_status",
            () => new Measurement<int>(leadership.IsLeader ? 1 : 0, new KeyValuePair<string, object?>("name", options.LeaseName)),
            description: "1 on the replica that leads.");
    }

    /// <summary>
    /// Returns when leadership was held and lost; never without having led. Cancellation ends it without giving up the lease.
    /// </summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!await TryAsync(_options.RenewDeadline, cancellationToken))
            await Task.Delay(_options.RetryPeriod * (1 + (_random.NextDouble() * 1.2)), _time, cancellationToken);
        Log.LeadershipAcquired(_logger, _identity, _record.ToString());
        await RenewAsync(cancellationToken);
    }

    /// <summary>Gives the lease up, so that another replica need not wait for it to run out. Call when the leader's work has ended.</summary>
    public async Task ReleaseAsync(CancellationToken cancellationToken)
    {
        if (!_leadership.IsLeader || _seen is not { Spec: { } spec, Metadata.ResourceVersion: { } version })
            return;
        _leadership.End();
        try
        {
            try
            {
                await _record.WriteAsync(version, Nobodys(spec), _options.RetryPeriod, cancellationToken);
            }
            catch (ConflictException)
            {
                // A renewal that was cut off on our side may have arrived all the same.
                var current = await _record.ReadAsync(_options.RetryPeriod, cancellationToken);
                if (current?.Spec?.HolderIdentity != _identity)
                    return;
                await _record.WriteAsync(current.Metadata.ResourceVersion!, Nobodys(current.Spec), _options.RetryPeriod, cancellationToken);
            }

            Log.LeaseReleased(_logger, _identity, _record.ToString());
        }
        catch (KubernetesException e)
        {
            // Then it runs out by itself.
            Log.LeaseFailed(_logger, _record.ToString(), e.Message);
        }
    }

    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        var renewed = _time.GetTimestamp();
        while (true)
        {
            var left = _options.RenewDeadline - _time.GetElapsedTime(renewed);
            var isOverdue = left <= TimeSpan.Zero;
            await Task.Delay(isOverdue || left > _options.RetryPeriod ? _options.RetryPeriod : left, _time, cancellationToken);
            left = _options.RenewDeadline - _time.GetElapsedTime(renewed);
            if (_leadership.HasEnded)
            {
                Lose("another replica does its work");
                return;
            }

            if (left <= TimeSpan.Zero)
            {
                if (!_options.KeepLeadingWhileUnreachable)
                {
                    Lose($"not renewed for {_options.RenewDeadline.TotalSeconds} s");
                    return;
                }

                if (!isOverdue)
                    Log.LeadsUnproven(_logger, _identity, _record.ToString(), _options.RenewDeadline.TotalSeconds);
                left = _options.RenewDeadline;
            }

            var sent = _time.GetTimestamp();
            if (await TryAsync(left, cancellationToken))
            {
                renewed = sent;
            }
            else if (_seen?.Spec?.HolderIdentity is { } holder && holder != _identity)
            {
                Lose($"'{holder}' took the lease");
                return;
            }
        }
    }

    private void Lose(string reason)
    {
        _leadership.End();
        Log.LeadershipLost(_logger, _identity, _record.ToString(), reason);
    }

    /// <summary>One try to take or renew the lease, within the time left.</summary>
    private async Task<bool> TryAsync(TimeSpan left, CancellationToken cancellationToken)
    {
        var timeout = left < _options.RenewDeadline / 2 ? left : _options.RenewDeadline / 2;
        var sent = _time.GetTimestamp();
        try
        {
            if (!await TakeOrRenewAsync(timeout, cancellationToken))
                return false;
            _leadership.Renewed(sent, _options.RenewDeadline, _options.KeepLeadingWhileUnreachable);
            return true;
        }
        catch (ConflictException)
        {
            // Somebody else wrote: look again before the next try.
            _seen = _seen is null ? null : new V1Lease { Spec = _seen.Spec };
            return false;
        }
        catch (KubernetesException e)
        {
            Log.LeaseFailed(_logger, _record.ToString(), e.Message);
            return false;
        }
    }

    private async Task<bool> TakeOrRenewAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        // While we lead and nobody interfered, the version is known: one request renews.
        if (!(_leadership.IsLeader && _seen is { Metadata.ResourceVersion: not null } && _seen.Spec?.HolderIdentity == _identity))
        {
            var current = await _record.ReadAsync(timeout, cancellationToken);
            if (current is null)
            {
                See(await _record.CreateAsync(Mine(previous: null), timeout, cancellationToken));
                return true;
            }

            See(current);
        }

        var seen = _seen!;
        if (IsHeldByAnother(seen.Spec))
            return false;
        See(await _record.WriteAsync(seen.Metadata.ResourceVersion!, Mine(seen.Spec), timeout, cancellationToken));
        return true;
    }

    private bool IsHeldByAnother(V1LeaseSpec? spec)
    {
        if (string.IsNullOrEmpty(spec?.HolderIdentity) || spec.HolderIdentity == _identity)
            return false;
        // As long as its holder says, should other replicas be configured with a longer time than this one.
        var duration = TimeSpan.FromSeconds(Math.Max(spec.LeaseDurationSeconds ?? 0, _options.LeaseDuration.TotalSeconds));
        return _time.GetElapsedTime(_seenAt) < duration;
    }

    private void See(V1Lease lease)
    {
        if (_seen?.Spec != lease.Spec)
        {
            _seenAt = _time.GetTimestamp();
            if (lease.Spec?.HolderIdentity is { Length: > 0 } holder && holder != _seen?.Spec?.HolderIdentity && holder != _identity)
                Log.LeaseHeldByOther(_logger, _record.ToString(), holder);
        }

        _seen = lease;
    }

    private V1LeaseSpec Nobodys(V1LeaseSpec previous)
    {
        var now = _time.GetUtcNow();
        return previous with { HolderIdentity = "", LeaseDurationSeconds = 1, RenewTime = now, AcquireTime = now };
    }

    private V1LeaseSpec Mine(V1LeaseSpec? previous)
    {
        var now = _time.GetUtcNow();
        var stays = previous?.HolderIdentity == _identity;
        return new V1LeaseSpec
        {
            HolderIdentity = _identity,
            LeaseDurationSeconds = (int)_options.LeaseDuration.TotalSeconds,
            AcquireTime = stays ? previous!.AcquireTime : now,
            RenewTime = now,
            LeaseTransitions = (previous?.LeaseTransitions ?? 0) + (stays || previous is null ? 0 : 1),
        };
    }
}
