using NodaTime;

namespace Segmentation.Tests.Timeframes;

/// <summary>Time zones with something odd about them.</summary>
internal static class Zones
{
    public static readonly string[] Tricky =
    [
        "UTC", "Europe/Berlin", "America/New_York", "America/Sao_Paulo", "Asia/Beirut", "America/St_Johns", "Pacific/Apia", "Asia/Kathmandu",
        "Australia/Lord_Howe", "Africa/Casablanca", "America/Havana", "Asia/Gaza", "Asia/Tehran", "Antarctica/Troll", "America/Goose_Bay",
        "Pacific/Kiritimati", "Pacific/Chatham", "Pacific/Pago_Pago", "America/Scoresbysund", "Pacific/Kwajalein", "Etc/GMT+12",
    ];

    public static SegmentCalendar Calendar(string zone, IsoDayOfWeek weekStart = IsoDayOfWeek.Monday) =>
        new(DateTimeZoneProviders.Tzdb[zone], weekStart);
}
