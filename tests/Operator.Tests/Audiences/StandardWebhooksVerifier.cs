using System.Security.Cryptography;
using System.Text;

namespace Operator.Tests.Audiences;

/// <summary>Signatures after RFC 2104, from SHA-256 alone: shares nothing with the code under test.</summary>
internal static class StandardWebhooksVerifier
{
    private const int BlockBytes = 64;

    public static string Signature(string secret, string id, string timestamp, byte[] body)
    {
        var key = Convert.FromBase64String(secret["whsec_".Length..]);
        var block = new byte[BlockBytes];
        (key.Length > BlockBytes ? SHA256.HashData(key) : key).CopyTo(block, 0);
        byte[] message = [.. Encoding.ASCII.GetBytes($"{id}.{timestamp}."), .. body];
        var inner = SHA256.HashData([.. block.Select(b => (byte)(b ^ 0x36)), .. message]);
        return "v1," + Convert.ToBase64String(SHA256.HashData([.. block.Select(b => (byte)(b ^ 0x5c)), .. inner]));
    }
}
