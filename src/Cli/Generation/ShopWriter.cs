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

    /// <summary>Writes every customer's properties, consent and suppression. They are drawn apart from the events, which stay as they are.</summary>
    public void WriteProfiles(Stream output)
    {
        using var json = new Utf8JsonWriter(output, JsonOutput.Options);
        var random = new ReplayableRandom(~settings.Seed);
        foreach (ShopCustomer customer in history.Customers)
        {
            Write(json, customer, ShopProfile.Draw(settings, customer, random));
            EndLine(json, output);
        }
    }

    private static void Write(Utf8JsonWriter json, ShopCustomer customer, ShopProfile profile)
    {
        json.WriteStartObject();
        json.WriteString("id", customer.Id);
        json.WriteStartObject("properties");
        json.WriteString("country", customer.Country);
        json.WriteString("region", profile.Town.Region);
        json.WriteString("postal_code", profile.PostalCode);
        json.WriteNumber("latitude", profile.Home.Latitude);
        json.WriteNumber("longitude", profile.Home.Longitude);
        json.WriteString("email", profile.Email);
        WriteIfTold(json, "phone", profile.Phone);
        WriteIfTold(json, "birthday", profile.Birthday);
        if (profile.Interests.Count > 0)
            WriteTexts(json, "interests", profile.Interests);
        json.WriteString("plan", customer.Plan);
        json.WriteString("plan_since", Rfc3339.Format(profile.PlanSinceMs));
        WriteIfTold(json, "trial_ends", profile.TrialEndsMs is { } trialEndsMs ? Rfc3339.Format(trialEndsMs) : null);
        WriteIfTold(json, "renewal", profile.RenewalMs is { } renewalMs ? Rfc3339.Format(renewalMs) : null);
        json.WriteNumber("points", profile.Points);
        json.WriteString("first_visit", Rfc3339.Format(profile.FirstVisitMs));
        json.WriteString("landing_page", profile.LandingPage);
        json.WriteEndObject();
        json.WriteStartObject("consent");
        Write(json, "email", customer.EmailConsent);
        Write(json, "sms", customer.SmsConsent);
        json.WriteEndObject();
        if (profile.IsEmailSuppressed)
        {
            json.WriteStartObject("suppressed");
            json.WriteBoolean("email", true);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static void WriteIfTold(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
            json.WriteString(name, value);
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        json.WriteStartArray(name);
        foreach (string value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, string channel, ShopConsent? consent)
    {
        if (consent is null)
            return;
        json.WriteStartObject(channel);
        json.WriteString("status", consent.IsSubscribed ? "subscribed" : "unsubscribed");
        json.WriteString("since", Rfc3339.Format(consent.SinceMs));
        json.WriteEndObject();
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
            if (shopEvent.Kind is ShopEventKind.Order)
                json.WriteNumber("items", shopEvent.Items);
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
            ShopEventKind.View => "view",
            ShopEventKind.Cart => "cart",
            _ => "checkout",
        };
        return $"{prefix}-{settings.Seed}-{number}";
    }
}
