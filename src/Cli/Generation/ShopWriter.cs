using System.Text.Json;
using Segmentation.Cli.Output;

namespace Segmentation.Cli.Generation;

/// <summary>Writes a simulated shop as the JSONL that the import commands read.</summary>
internal sealed class ShopWriter(ShopSettings settings, ShopHistory history)
{
    /// <summary>Writes every event; calls <paramref name="written"/> with the count now and then.</summary>
    public void WriteEvents(Stream output, Action<int> written, CancellationToken cancellation)
    {
        using var json = new Utf8JsonWriter(output, JsonOutput.Options);
        for (int i = 0; i < history.Events.Count; i++)
        {
            Write(json, history.Events[i]);
            EndLine(json, output);
            if (i % 1000 != 0)
                continue;
            cancellation.ThrowIfCancellationRequested();
            written(i);
        }
    }

    public void WriteProfiles(Stream output)
    {
        using var json = new Utf8JsonWriter(output, JsonOutput.Options);
        foreach (ShopCustomer customer in history.Customers)
        {
            json.WriteStartObject();
            json.WriteString("id", customer.Id);
            json.WriteStartObject("properties");
            json.WriteString("country", customer.Country);
            json.WriteString("plan", customer.Plan);
            json.WriteBoolean("emailConsent", customer.EmailConsent);
            json.WriteBoolean("smsConsent", customer.SmsConsent);
            json.WriteEndObject();
            json.WriteEndObject();
            EndLine(json, output);
        }
    }

    private static void EndLine(Utf8JsonWriter json, Stream output)
    {
        json.Flush();
        json.Reset();
        output.WriteByte((byte)'\n');
    }

    private void Write(Utf8JsonWriter json, in ShopEvent shopEvent)
    {
        json.WriteStartObject();
        json.WriteString("id", Id(shopEvent.Kind, shopEvent.Number));
        json.WriteString("name", ShopVocabulary.NameOf(shopEvent.Kind));
        json.WriteString("profileId", history.Customers[shopEvent.Customer].Id);
        json.WriteString("occurredAt", Rfc3339.Format(shopEvent.AtMs));
        if (shopEvent.Kind is ShopEventKind.Order or ShopEventKind.Refund)
            json.WriteNumber("value", new decimal(shopEvent.Cents, 0, 0, false, 2));
        if (shopEvent.Kind is not ShopEventKind.Email)
        {
            json.WriteStartObject("properties");
            json.WriteString("category", ShopVocabulary.Categories[shopEvent.Category]);
            json.WriteString("channel", ShopVocabulary.Channels[shopEvent.Channel]);
            json.WriteEndObject();
        }
        if (shopEvent.Kind is ShopEventKind.Refund)
            json.WriteString("refunds", Id(ShopEventKind.Order, shopEvent.RefundedNumber));
        json.WriteEndObject();
    }

    /// <summary>Ids carry the seed, so that two generated shops can share a workspace.</summary>
    private string Id(ShopEventKind kind, int number)
    {
        string prefix = kind switch
        {
            ShopEventKind.Order => "order",
            ShopEventKind.Refund => "refund",
            ShopEventKind.Email => "email",
            _ => "view",
        };
        return $"{prefix}-{settings.Seed}-{number}";
    }
}
