using Segmentation.Operator.Storage;

namespace Segmentation.Operator.Tests.Storage;

/// <summary>The operations as the commit script reads them, argument by argument.</summary>
public sealed class CommitBatchTests
{
    [Fact]
    public void Every_operation_has_its_letter_and_its_arguments_in_the_scripts_order()
    {
        var batch = new CommitBatch();
        batch.IsEmpty.ShouldBeTrue();
        batch.AddOccurrence(new CustomerEvent("e1", "a:b", "ada", 1_700_000_000_000, 2.5m));
        batch.AddOccurrence(new CustomerEvent("e2", "a:b", "ada", 1_700_000_000_005));
        batch.AddOccurrence(new CustomerEvent("e3", "a", "ada", 1_700_000_000_006));
        batch.ForgetOccurrences("ada", new Forgotten("a:b", 1_600_000_000_000, 3));
        batch.AddProfile("ada");
        batch.AddProfile("bob");
        batch.SetProfileField("ada", "names", "a%3Ab");
        batch.SetDue([("ada", 1_700_000_000_001), ("bob", Verdict.Never), ("eve", 1_700_000_000_002)]);
        batch.SetMembership("vips", "r2", "ada", isMember: true, 120_000, FlipAudience.None, countsInFlow: true, FlipCause.Event, joinedAtFrom: "r1");
        batch.SetMembership("vips", "r2", "bob", isMember: false, 120_000, FlipAudience.Outbox, countsInFlow: true, FlipCause.Time, joinedAtFrom: null);
        batch.SetMembership("vips", "r2", "eve", isMember: true, 120_000, FlipAudience.Statistics, countsInFlow: false, FlipCause.Rescore, joinedAtFrom: null);
        batch.SetMembership("vips", "r2", "kim", isMember: false, 120_000, FlipAudience.Statistics, countsInFlow: false, FlipCause.Time, joinedAtFrom: "r1", remembersEntering: true);
        batch.Move("vips", "r2", "ada", isMember: false, 180_000, isServing: true, countsInFlow: true);
        batch.Move("vips", "r2", "bob", isMember: true, 180_001, isServing: true, countsInFlow: true);
        batch.Move("vips", "r2", "eve", isMember: false, 180_002, isServing: true, countsInFlow: true);
        batch.Move("vips", "r2", "ada", isMember: true, 180_003, isServing: true, countsInFlow: false);
        batch.Move("loyal", "r1", "ada", isMember: true, 180_003, isServing: false, countsInFlow: true);
        batch.SetRfm("default@r1", "ada", new RfmScore(5, 4, 3, "champions", 99, 2, 12.50m, Verdict.Never) { FrequencyValue = 2, MonetaryValue = 6.25m }, withSpent: true);
        batch.SetRfm("default@r1", "bob", new RfmScore(0, 0, 0, null, 0, 0, 0m, Verdict.Never));
        batch.SetTier("default", "ada", "champions", 100);
        batch.SetTier("default", "bob", null, 100);
        batch.EraseProfile("ada", ["vips", "loyal"]);
        batch.EraseProfile("kim", [], mergedInto: "eve");
        batch.Forward("eve", 5, "x", "eve", "kim", "ada");
        batch.Forward("eve", 6, "e", "{}");
        batch.SetOwnerField("pass:x", "1\nada");
        batch.SetOwnerField("pass:y", null);
        batch.RemoveFlowBucket("vips|2|+");
        batch.RemoveKey("members:vips@r1");

        string.Join(' ', batch.Complete().Select(a => a.ToString().Length == 0 ? "''" : a.ToString())).Replace("\t", "<tab>", StringComparison.Ordinal).ShouldBe(
            "e ada:a 1 1700000000006 e3 e ada:a%3Ab 2 1700000000000 e1<tab>2.5 1700000000005 e2 q ada a%3Ab 1600000000000 h ada names a%3Ab d 2 1700000000001 ada 1700000000002 eve x 1 bob "
            + "+ vips r2 ada 120000 0 '' event r1 - vips r2 bob 120000 2 2 time '' + vips r2 eve 120000 1 '' rescore '' - vips r2 kim 120000 1 '' time 1 "
            + "u members:vips@r2 2 ada eve i members:vips@r2 2 180001 bob "
            + "r default@r1 ada 99 2 6.25 12.50 r default@r1 bob '' '' '' '' t default ada champions 100 t default bob '' 100 z ada '' 2 vips loyal "
            + "z kim eve 0 w 8 to eve at 5 x eve path kim\nada w 6 to eve at 6 e {} "
            + "o pass:x 1\nada o pass:y '' f vips|2|+ k members:vips@r1 "
            + "i members:vips@r2 2 180003 ada i members:loyal@r1 2 180003 ada n 2 ada bob c vips|3|- 2 c vips|3|+ 1 l vips 180003");
        batch.Memberships.ShouldBe(
        [
            new MembershipOperation("vips", "r2", true, 120_000, false, FlipAudience.None),
            new MembershipOperation("vips", "r2", false, 120_000, true, FlipAudience.Outbox),
            new MembershipOperation("vips", "r2", true, 120_000, false, FlipAudience.Statistics),
            new MembershipOperation("vips", "r2", false, 120_000, false, FlipAudience.Statistics),
        ]);
        batch.Moves.Count.ShouldBe(5);
        batch.Moves[^1].ShouldBe(new MembershipOperation("loyal", "r1", true, 180_003, false, FlipAudience.None));
        batch.IsEmpty.ShouldBeFalse();
    }

    [Fact]
    public void Nothing_of_a_commit_is_in_the_next_one()
    {
        var batch = new CommitBatch();
        for (var commit = 0; commit < 3; commit++)
        {
            batch.IsEmpty.ShouldBeTrue();
            for (var segment = 0; segment < 100; segment++) batch.Move($"s{segment}", "r1", "ada", isMember: commit % 2 == 0, 60_000 * commit, isServing: true, countsInFlow: true);
            batch.Move("s7", "r1", "ada", isMember: commit % 2 == 1, (60_000 * commit) + 1, isServing: true, countsInFlow: commit != 1);

            var written = string.Join(' ', batch.Complete());
            var (first, second) = commit % 2 == 0 ? ('i', 'u') : ('u', 'i');
            written.ShouldContain($"{first} members:s99@r1 {(first == 'i' ? $"2 {60_000 * commit} ada" : "1 ada")}", Case.Sensitive);
            written.ShouldEndWith($"c s99|{commit}|{(commit % 2 == 0 ? '+' : '-')} 1 l s99 {60_000 * commit}");
            written.ShouldContain($" {second} members:s7@r1 ");
            written.Split(' ').Count(word => word == "l").ShouldBe(100);
            written.Split(' ').Count(word => word == "c").ShouldBe(commit == 1 ? 100 : 101);
            written.Split(' ').Count(word => word == "ada").ShouldBe(101);
            batch.Clear();
        }
    }

    [Fact]
    public void Every_cause_has_a_word_of_its_own()
    {
        var words = Enum.GetValues<FlipCause>().Select(CommitBatch.CauseName).ToArray();
        words.ShouldBe(["event", "time", "edit", "rescore", "deletion", "initial", "erasure", "merge"]);
    }
}
