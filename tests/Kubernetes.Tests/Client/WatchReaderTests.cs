using System.Text;
using System.Text.Json;
using Kubernetes.Client;
using Kubernetes.Tests.Widgets;

namespace Kubernetes.Tests.Client;

public sealed class WatchReaderTests
{
    private static readonly EntityType<Widget> Type = new(WidgetJson.Default.Widget);

    [Fact]
    public async Task Lines_are_read_whatever_pieces_they_come_in()
    {
        var name = new string('n', 40_000);
        var text = """{"type":"ADDED","object":{"metadata":{"name":"NAME","resourceVersion":"7"},"spec":{"size":3},"unknown":{"deep":[1,2]}}}""" + "\n"
            + """{"object":{"metadata":{"name":"late"}},"type":"DELETED"}""" + "\n\n"
            + """{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"9","annotations":{"k8s.io/initial-events-end":"true"}}}}""" + "\n"
            + """{"type":"ADDED","object":{"metadata":{"na""";

        text = text.Replace("NAME", name, StringComparison.Ordinal);

        var events = await ReadAsync(new SlowStream(Encoding.UTF8.GetBytes(text), 7));

        events.Select(item => item.Kind).ShouldBe([WatchEventKind.Added, WatchEventKind.Deleted, WatchEventKind.Bookmark]);
        events[0].Entity!.Metadata.Name.ShouldBe(name);
        events[0].Entity!.Kind.ShouldBe("Widget");
        events[0].Entity!.Spec.Size.ShouldBe(3);
        events[1].Entity!.Metadata.Name.ShouldBe("late");
        events[2].EndsInitialEvents.ShouldBeTrue();
        events[2].Metadata.ResourceVersion.ShouldBe("9");
    }

    [Fact]
    public async Task An_object_that_does_not_fit_keeps_its_metadata_and_says_where_without_its_value()
    {
        var line = """{"type":"MODIFIED","object":{"metadata":{"name":"a","namespace":"acme","resourceVersion":"8"},"spec":{"size":"secret-text"}}}""" + "\n";

        var change = (await ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(line)))).Single();

        change.Entity.ShouldBeNull();
        change.Metadata.Name.ShouldBe("a");
        change.Metadata.ResourceVersion.ShouldBe("8");
        change.DecodeError.ShouldBe("does not fit at $.spec.size");
    }

    [Fact]
    public async Task An_object_as_deep_as_a_server_takes_does_not_end_the_watch()
    {
        var deep = string.Concat(Enumerable.Repeat("[", 9_900)) + string.Concat(Enumerable.Repeat("]", 9_900));
        var text = """{"type":"ADDED","object":{"metadata":{"name":"deep"},"unknown":DEEP}}""".Replace("DEEP", deep, StringComparison.Ordinal) + "\n"
            + """{"type":"ADDED","object":{"metadata":{"name":"next"}}}""" + "\n";

        var events = await ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(text)));

        events.Select(item => item.Metadata.Name).ShouldBe(["deep", "next"]);
    }

    [Fact]
    public void An_object_as_deep_as_a_server_takes_does_not_spoil_the_list()
    {
        var deep = string.Concat(Enumerable.Repeat("[", 9_900)) + string.Concat(Enumerable.Repeat("]", 9_900));
        var text = """{"metadata":{"resourceVersion":"7"},"items":[{"metadata":{"name":"deep"},"unknown":DEEP},{"metadata":{"name":"next"}}]}"""
            .Replace("DEEP", deep, StringComparison.Ordinal);

        var list = ListReader.Read(Encoding.UTF8.GetBytes(text), Type);

        list.Items.Select(item => item.Metadata.Name).Concat(list.Undecodable.Select(item => item.Name)).ShouldBe(["deep", "next"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"type":"RENAMED","object":{}}""")]
    [InlineData("not json")]
    public async Task What_is_no_watch_event_is_an_error(string line) =>
        await Should.ThrowAsync<JsonException>(ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(line + "\n"))));

    private static async Task<List<WatchEvent<Widget>>> ReadAsync(Stream stream)
    {
        var events = new List<WatchEvent<Widget>>();
        await foreach (var item in WatchReader.ReadAsync(stream, Type, CancellationToken.None))
            events.Add(item);
        return events;
    }

    /// <summary>Gives a few bytes at a time, as networks do.</summary>
    private sealed class SlowStream(byte[] bytes, int pieceBytes) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(pieceBytes, buffer.Length)], cancellationToken);
    }
}
