using FsCheck;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;

namespace Resources.Tests.Oracle;

/// <summary>Lets FsCheck try and shrink without a word; the test itself says what it found.</summary>
internal sealed class Silent : IRunner
{
    public static readonly Silent Runner = new();

    public void OnStartFixture(Type t)
    {
    }

    public void OnArguments(int nTest, FSharpList<object> args, FSharpFunc<int, FSharpFunc<FSharpList<object>, string>> every)
    {
    }

    public void OnShrink(FSharpList<object> args, FSharpFunc<FSharpList<object>, string> everyShrink)
    {
    }

    public void OnFinished(string name, TestResult testResult)
    {
    }
}
