using System.Text;
using Segmentation.Operator.Audiences;

namespace Operator.Tests.Audiences;

public sealed class SigningKeysTests
{
    private static readonly string Old = "whsec_" + Convert.ToBase64String([.. Enumerable.Range(0, 24).Select(i => (byte)i)]);
    private static readonly string New = "whsec_" + Convert.ToBase64String([.. Enumerable.Range(0, 64).Select(i => (byte)(200 - i))]);

    [Fact]
    public void The_published_example_of_Standard_Webhooks_comes_out()
    {
        var keys = Parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");

        keys.Sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, "{\"test\": 2432232314}"u8).ShouldBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    [Fact]
    public void The_verifier_of_these_tests_agrees_with_the_published_example() =>
        StandardWebhooksVerifier.Signature("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", "{\"test\": 2432232314}"u8.ToArray())
            .ShouldBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");

    [Theory]
    [InlineData(" ")]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("  \n\n ")]
    public void While_a_secret_is_replaced_both_sign(string separator)
    {
        var body = "{\"ä\":1}"u8.ToArray();

        var signatures = Parse(Old + separator + New + "\n").Sign("msg_1", 1_700_000_000, body).Split(' ');

        signatures.ShouldBe(
            [StandardWebhooksVerifier.Signature(Old, "msg_1", "1700000000", body), StandardWebhooksVerifier.Signature(New, "msg_1", "1700000000", body)]);
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData(" \n", "is empty")]
    [InlineData("c2VjcmV0LXRoYXQtaXMtbG9uZy1lbm91Z2gh", "does not begin with whsec_")]
    [InlineData("whsec_not*base64*at*all*but*long*enough", "is not base64")]
    [InlineData("whsec_c2VjcmV0LXRvby1zaG9ydA==", "holds 16 bytes instead of 24 to 64")]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw whsec_c2VjcmV0LXRvby1zaG9ydA==", "entry 2 of 2 holds 16 bytes")]
    public void A_value_that_is_no_secret_is_refused_without_being_repeated(string value, string complaint)
    {
        SigningKeys.TryParse(Encoding.UTF8.GetBytes(value), out var keys, out var error).ShouldBeFalse();

        keys.ShouldBeNull();
        error.ShouldStartWith(complaint);
        error.ShouldContain("openssl rand");
        foreach (var word in value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)) error.ShouldNotContain(word["whsec_".Length..]);
    }

    [Fact]
    public void More_than_64_bytes_are_refused()
    {
        SigningKeys.TryParse(Encoding.UTF8.GetBytes("whsec_" + Convert.ToBase64String(new byte[65])), out _, out var error).ShouldBeFalse();

        error.ShouldStartWith("holds 65 bytes instead of 24 to 64");
    }

    private static SigningKeys Parse(string value)
    {
        SigningKeys.TryParse(Encoding.UTF8.GetBytes(value), out var keys, out var error).ShouldBeTrue(error);
        return keys!;
    }
}
