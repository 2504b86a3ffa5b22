using System.Text;
using Segmentation.Cli.Reading;

namespace Segmentation.Cli.Tests;

public sealed class CsvReaderTests
{
    private static readonly CsvDialect _commas = new((byte)',', HasHeader: false);

    [Theory]
    [InlineData("a,b\nc,d\n", "a|b/c|d")]
    [InlineData("a,b\r\nc,d\r\n", "a|b/c|d")]
    [InlineData("a,b\nc,d", "a|b/c|d")]
    [InlineData("a,b\r\nc,", "a|b/c|")]
    [InlineData("\n\na,b\n\r\n\nc,d\n\n", "a|b/c|d")]
    [InlineData("\"a,1\",\"b\"\n", "a,1|b")]
    [InlineData("\"a\nb\",c\n", "a\nb|c")]
    [InlineData("\"a\r\nb\",\"c\"\r\nd,e", "a\r\nb|c/d|e")]
    [InlineData("\"say \"\"hi\"\"\",\"\"\n", "say \"hi\"|")]
    [InlineData("\"\"\"\"\n", "\"")]
    [InlineData("5\" pipe,x\n", "5\" pipe|x")]
    [InlineData("\"\"\n", "")]
    [InlineData("ä,\"ö\"\n", "ä|ö")]
    [InlineData("\uFEFFa,b\n", "a|b")]
    [InlineData("\uFEFF\"a\",b\n", "a|b")]
    [InlineData(",,\n", "||")]
    public void Records_and_fields_are_read_as_written(string text, string expected) =>
        Read(text, _commas).ShouldBe(expected);

    [Theory]
    [InlineData(" customer_id  date \r\n 00001 19970101\r\n", "customer_id|date/00001|19970101")]
    [InlineData("a\t b\n\n  \n c", "a|b/c")]
    [InlineData("\"a b\" c\n", "\"a|b\"|c")]
    public void Runs_of_spaces_separate_and_quotes_mean_nothing(string text, string expected) =>
        Read(text, new CsvDialect(null, HasHeader: false)).ShouldBe(expected);

    [Fact]
    public void Another_delimiter_leaves_commas_alone() =>
        Read("1,5;2\n", new CsvDialect((byte)';', HasHeader: false)).ShouldBe("1,5|2");

    [Fact]
    public void Text_behind_a_closing_quote_is_a_problem_of_that_record_alone()
    {
        CsvReader reader = Open("\"a\"b,c\nd,e\n", _commas, Position.Start);

        reader.Read().ShouldBeTrue();
        reader.Problem.ShouldNotBeNull().ShouldContain("column 1");
        reader.Read().ShouldBeTrue();
        reader.Problem.ShouldBeNull();
        reader.Text(1).ShouldBe("e");
    }

    [Fact]
    public void A_quote_that_is_never_closed_is_reported_with_the_line_it_starts_on()
    {
        CsvReader reader = Open("a,b\n\"c,d\ne,f\n", _commas, Position.Start);

        reader.Read().ShouldBeTrue();
        Should.Throw<CliException>(() => reader.Read()).Message.ShouldStartWith("line 2:");
    }

    [Fact]
    public void A_quote_that_swallows_a_large_file_is_reported_without_reading_all_of_it()
    {
        using var endless = new EndlessStream();
        var reader = new CsvReader(endless, _commas, Position.Start);

        Should.Throw<CliException>(() => reader.Read());
        endless.BytesRead.ShouldBeLessThan(8 * CsvReader.LongestRecordBytes);
    }

    [Fact]
    public void UTF_16_is_refused_with_the_cure() =>
        Should.Throw<CliException>(() => Open(string.Empty, _commas, Position.Start, Encoding.Unicode.GetPreamble()))
            .NextStep.ShouldNotBeNull().ShouldContain("iconv");

    [Fact]
    public void A_field_that_is_not_UTF_8_has_no_text()
    {
        var reader = new CsvReader(new MemoryStream([(byte)'a', (byte)',', 0xE4, (byte)'\n']), _commas, Position.Start);

        reader.Read().ShouldBeTrue();
        reader.Text(0).ShouldBe("a");
        reader.Text(1).ShouldBeNull();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(100_000)]
    public void Reading_on_behind_any_record_gives_the_rest_of_the_file(int chunk)
    {
        const string Text = "\uFEFFid,note\r\n1,\"two\nlines\"\r\n\r\n2,ä\n3,\"a \"\"quote\"\"\"\r\n\n4,\"\r\n\"\n5,end";
        byte[] bytes = Encoding.UTF8.GetBytes(Text);
        List<(Position End, long Line, string Text)> all = Records(new CsvReader(new ChunkStream(bytes, chunk), _commas, Position.Start));

        all.Select(record => record.Line).ShouldBe([1L, 2, 5, 6, 8, 10]);
        for (int i = 0; i < all.Count; i++)
        {
            Position start = all[i].End;
            var rest = new CsvReader(new ChunkStream(bytes[(int)start.Offset..], chunk), _commas, start);
            Records(rest).ShouldBe(all[(i + 1)..]);
        }
    }

    private static string Read(string text, CsvDialect dialect) =>
        string.Join('/', Records(Open(text, dialect, Position.Start)).Select(record => record.Text));

    private static CsvReader Open(string text, CsvDialect dialect, Position start, byte[]? preamble = null) =>
        new(new MemoryStream([.. preamble ?? [], .. Encoding.UTF8.GetBytes(text)]), dialect, start);

    private static List<(Position End, long Line, string Text)> Records(CsvReader reader)
    {
        var records = new List<(Position, long, string)>();
        while (reader.Read())
        {
            reader.Problem.ShouldBeNull();
            records.Add((reader.End, reader.Line, string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => reader.Text(i)))));
        }
        return records;
    }

    /// <summary>Gives a few bytes at a time, as a pipe may.</summary>
    private sealed class ChunkStream(byte[] bytes, int chunk) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, chunk));
    }

    private sealed class EndlessStream : MemoryStream
    {
        public long BytesRead { get; private set; }

        public override int Read(byte[] buffer, int offset, int count)
        {
            buffer.AsSpan(offset, count).Fill((byte)'"');
            if (BytesRead > 0)
                buffer.AsSpan(offset, count).Fill((byte)'x');
            else
                buffer.AsSpan(offset + 1, count - 1).Fill((byte)'x');
            BytesRead += count;
            return count;
        }
    }
}
