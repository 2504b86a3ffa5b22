using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Segmentation.Benchmarks.Ingest;
using StackExchange.Redis;

namespace Segmentation.Benchmarks.Live;

/// <summary>
/// Asks Redis for memberships until they are there, or gone, over a socket of its own: all that are due to be asked for in one round trip, on one thread. A
/// client of Redis that asks for one after the other takes as much of the machine as the operator that is measured.
/// </summary>
internal sealed class MembershipWatch : IDisposable
{
    /// <summary>Asking without pause would take from Redis what is measured, so what is measured is up to a fifth of a millisecond too long, or a twentieth.</summary>
    private static readonly long ShortestPause = Stopwatch.Frequency / 5_000;

    private readonly TcpClient _redis;
    private readonly Lock _guard = new();
    private readonly List<Question> _new = [];
    private readonly AutoResetEvent _added = new(false);
    private volatile bool _stopped;

    public MembershipWatch(EndPoint redis)
    {
        _redis = new TcpClient { NoDelay = true };
        _redis.Client.Connect(redis);
        new Thread(Run) { IsBackground = true, Name = "membership watch" }.Start();
    }

    /// <summary>Asks until a profile is a member, or is none.</summary>
    /// <param name="members">The sorted set.</param>
    /// <param name="profile">Of whom.</param>
    /// <param name="isMember">What is waited for.</param>
    /// <param name="at">When that is to be so, in ticks of <see cref="Stopwatch"/>.</param>
    /// <param name="from">Since when it is asked for, in the same.</param>
    /// <returns>How long after that instant it was so, in milliseconds; negative where it was before.</returns>
    public Task<double> UntilAsync(RedisKey members, string profile, bool isMember, long at, long from)
    {
        var command = new MemoryStream();
        RespWriter.Write(command, "ZSCORE"u8.ToArray(), (byte[])members!, Encoding.UTF8.GetBytes(profile));
        var question = new Question(command.ToArray(), isMember, at, from);
        lock (_guard) _new.Add(question);
        _added.Set();
        return question.Answer.Task;
    }

    public void Dispose()
    {
        _stopped = true;
        _added.Set();
        _redis.Dispose();
    }

    private void Run()
    {
        var stream = _redis.GetStream();
        var answers = new RespReader(stream);
        var open = new PriorityQueue<Question, long>();
        var asked = new List<Question>();
        while (!_stopped)
        {
            try
            {
                TakeNew(open);
                Wait(open);
                Ask(open, asked, stream, answers);
            }
            catch (Exception e) when (e is IOException or InvalidOperationException or ObjectDisposedException)
            {
                foreach (var question in asked) question.Answer.TrySetException(e);
                while (open.TryDequeue(out var question, out _)) question.Answer.TrySetException(e);
            }
        }
    }

    private void TakeNew(PriorityQueue<Question, long> open)
    {
        lock (_guard)
        {
            foreach (var question in _new) open.Enqueue(question, question.From);
            _new.Clear();
        }
    }

    // Sleeps are short where one may be added for sooner.
    private void Wait(PriorityQueue<Question, long> open)
    {
        if (!open.TryPeek(out _, out var next)) _added.WaitOne();
        else if (Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), next) is { TotalMilliseconds: > 2 } wait) _added.WaitOne(wait - TimeSpan.FromMilliseconds(1));
        else PreciseTimer.SleepUntil(Math.Min(next, Stopwatch.GetTimestamp() + ShortestPause));
    }

    private static void Ask(PriorityQueue<Question, long> open, List<Question> asked, Stream stream, RespReader answers)
    {
        asked.Clear();
        using var commands = new MemoryStream();
        for (var soon = Stopwatch.GetTimestamp() + (ShortestPause / 4); open.TryPeek(out var question, out var next) && next <= soon;)
        {
            asked.Add(open.Dequeue());
            commands.Write(question.Command);
        }
        if (asked.Count == 0) return;
        commands.WriteTo(stream);
        foreach (var question in asked)
        {
            var answer = answers.Read();
            if (answer is Exception refused) throw refused;
            var now = Stopwatch.GetTimestamp();
            if ((answer is not null) == question.IsMember) question.Answer.SetResult((now - question.At) * 1000.0 / Stopwatch.Frequency);
            else open.Enqueue(question, now + Math.Max((now - question.At) / 20, ShortestPause));
        }
    }

    private sealed record Question(byte[] Command, bool IsMember, long At, long From)
    {
        public TaskCompletionSource<double> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
