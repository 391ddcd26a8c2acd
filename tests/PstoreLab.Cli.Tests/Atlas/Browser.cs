using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using PstoreLab.Harness.Processes;

namespace PstoreLab.Cli.Tests.Atlas;

/// <summary>
/// Debian's chromium without a screen, driven by the DevTools protocol
/// (https://chromedevtools.github.io/devtools-protocol) over loopback. It resolves no name, and has a profile of its
/// own, which is gone afterwards.
/// </summary>
internal sealed class Browser : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);

    private readonly IRunningProcess _process;
    private readonly string _profile;
    private readonly ClientWebSocket _socket = new();
    private readonly SemaphoreSlim _oneMessage = new(1);
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonElement>> _answers = [];
    private string? _session;
    private int _calls;

    private Browser(IRunningProcess process, string profile) => (_process, _profile) = (process, profile);

    /// <summary>What the page made happen: method and parameters.</summary>
    public ConcurrentQueue<(string Method, JsonElement Parameters)> Events { get; } = [];

    /// <summary>
    /// Starts it. Where there is none, the test fails on Debian, which has one to install, and is skipped elsewhere.
    /// </summary>
    public static async Task<Browser> StartAsync()
    {
        string profile = Directory.CreateTempSubdirectory("chromium-").FullName;
        using var words = new MemoryStream();
        // Its own sandbox needs what a container seldom grants; all it is shown here was made by the test.
        var process = new ProcessRunner().Start(
            new ProcessSpec(
                InstalledChromium.Find(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--disable-breakpad",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--host-resolver-rules=MAP * ~NOTFOUND",
                $"--user-data-dir={profile}",
                "--remote-debugging-port=0",
                "about:blank"
            )
            {
                StandardError = words,
            }
        );
        var browser = new Browser(process, profile);
        try
        {
            await browser.ConnectAsync();
            return browser;
        }
        catch
        {
            await browser.DisposeAsync();
            TestContext.Out.WriteLine(Encoding.UTF8.GetString(words.ToArray()));
            throw;
        }
    }

    /// <summary>Shows a page, to its end.</summary>
    public async Task ShowAsync(string file, int width = 1280, int height = 900)
    {
        Events.Clear();
        await CallAsync(
            "Emulation.setDeviceMetricsOverride",
            new JsonObject
            {
                ["width"] = width,
                ["height"] = height,
                ["deviceScaleFactor"] = 1,
                ["mobile"] = width < 600,
            }
        );
        await CallAsync("Page.navigate", new JsonObject { ["url"] = new Uri(file).AbsoluteUri });
        await HappensAsync("Page.loadEventFired");
    }

    /// <summary>What an expression says in the page.</summary>
    public async Task<T> AskAsync<T>(string expression)
    {
        var answer = await CallAsync(
            "Runtime.evaluate",
            new JsonObject { ["expression"] = expression, ["returnByValue"] = true }
        );
        Assert.That(answer.TryGetProperty("exceptionDetails", out var fault), Is.False, () => $"{expression}: {fault}");
        return answer.GetProperty("result").GetProperty("value").Deserialize<T>()!;
    }

    /// <summary>Presses the mouse's button in the middle of the first element that a selector finds.</summary>
    public async Task ClickAsync(string selector)
    {
        double[] at = await AskAsync<double[]>(
            $"(e => {{ e.scrollIntoView({{ block: 'center' }}); const r = e.getBoundingClientRect(); return "
                + "[r.x + r.width / 2, r.y + r.height / 2]; "
                + $"}})(document.querySelector({JsonSerializer.Serialize(selector)}))"
        );
        foreach (string type in (string[])["mousePressed", "mouseReleased"])
            await CallAsync(
                "Input.dispatchMouseEvent",
                new JsonObject
                {
                    ["type"] = type,
                    ["x"] = at[0],
                    ["y"] = at[1],
                    ["button"] = "left",
                    ["clickCount"] = 1,
                }
            );
    }

    /// <summary>Has the page believe that it is printed, or shown where all is dark.</summary>
    public Task EmulateAsync(string media, string scheme) =>
        CallAsync(
            "Emulation.setEmulatedMedia",
            new JsonObject
            {
                ["media"] = media,
                ["features"] = new JsonArray(new JsonObject { ["name"] = "prefers-color-scheme", ["value"] = scheme }),
            }
        );

    /// <summary>Keeps what is to be seen with the results of the tests.</summary>
    public async Task PictureAsync(string name)
    {
        string path = Path.Combine(TestContext.CurrentContext.WorkDirectory, name);
        await File.WriteAllBytesAsync(
            path,
            (await CallAsync("Page.captureScreenshot")).GetProperty("data").GetBytesFromBase64()
        );
        TestContext.AddTestAttachment(path);
    }

    /// <summary>Waits for something that the page makes happen.</summary>
    public Task HappensAsync(string method) =>
        ComesAsync(method, () => Task.FromResult(Events.Any(one => one.Method == method)));

    /// <summary>Waits until an expression is true in the page.</summary>
    public Task HoldsAsync(string expression) => ComesAsync(expression, () => AskAsync<bool>(expression));

    public async ValueTask DisposeAsync()
    {
        if (_socket.State == WebSocketState.Open)
            await ((Task)CallAsync("Browser.close", ofPage: false)).ConfigureAwait(
                ConfigureAwaitOptions.SuppressThrowing
            );
        await Task.WhenAny(_process.Exit, Task.Delay(TimeSpan.FromSeconds(10)));
        await _process.DisposeAsync();
        _socket.Dispose();
        _oneMessage.Dispose();
        // A child of it may still be writing its last.
        for (int left = 20; Directory.Exists(_profile); left--)
        {
            try
            {
                Directory.Delete(_profile, recursive: true);
            }
            catch (IOException) when (left > 0)
            {
                await Task.Delay(100);
            }
        }
    }

    private async Task ConnectAsync()
    {
        string port = Path.Combine(_profile, "DevToolsActivePort");
        await ComesAsync(
            "chromium's DevTools port",
            () =>
            {
                Assert.That(_process.Exit.IsCompleted, Is.False, "chromium ended at once");
                return Task.FromResult(File.Exists(port) && File.ReadAllLines(port).Length == 2);
            }
        );
        string[] lines = await File.ReadAllLinesAsync(port);
        await _socket.ConnectAsync(new Uri($"ws://127.0.0.1:{lines[0]}{lines[1]}"), CancellationToken.None);
        _ = Task.Run(ListenAsync);
        var target = await CallAsync("Target.createTarget", new JsonObject { ["url"] = "about:blank" }, ofPage: false);
        var attached = await CallAsync(
            "Target.attachToTarget",
            new JsonObject { ["targetId"] = target.GetProperty("targetId").GetString(), ["flatten"] = true },
            ofPage: false
        );
        _session = attached.GetProperty("sessionId").GetString();
        foreach (string domain in (string[])["Page", "Network", "Runtime"])
            await CallAsync($"{domain}.enable");
    }

    private async Task<JsonElement> CallAsync(string method, JsonObject? parameters = null, bool ofPage = true)
    {
        int id = Interlocked.Increment(ref _calls);
        var message = new JsonObject
        {
            ["id"] = id,
            ["method"] = method,
            ["params"] = parameters ?? [],
        };
        if (ofPage)
            message["sessionId"] = _session;
        var answer = _answers[id] = new TaskCompletionSource<JsonElement>(
            TaskCreationOptions.RunContinuationsAsynchronously
        );
        await _oneMessage.WaitAsync();
        try
        {
            await _socket.SendAsync(
                Encoding.UTF8.GetBytes(message.ToJsonString()),
                WebSocketMessageType.Text,
                endOfMessage: true,
                CancellationToken.None
            );
        }
        finally
        {
            _oneMessage.Release();
        }

        return await answer.Task.WaitAsync(Deadline);
    }

    private async Task ListenAsync()
    {
        byte[] buffer = new byte[1 << 16];
        try
        {
            while (true)
            {
                using var message = new MemoryStream();
                WebSocketReceiveResult piece;
                do
                {
                    piece = await _socket.ReceiveAsync(buffer, CancellationToken.None);
                    message.Write(buffer, 0, piece.Count);
                } while (!piece.EndOfMessage);
                if (piece.MessageType == WebSocketMessageType.Close)
                    throw new WebSocketException("chromium has closed the connection");
                Take(JsonDocument.Parse(message.ToArray()).RootElement);
            }
        }
        catch (Exception e) when (e is WebSocketException or ObjectDisposedException or OperationCanceledException)
        {
            foreach (var answer in _answers.Values)
                answer.TrySetException(e);
        }
    }

    private void Take(JsonElement message)
    {
        if (!message.TryGetProperty("id", out var id))
            Note(message.GetProperty("method").GetString()!, message.GetProperty("params"));
        else if (!_answers.TryRemove(id.GetInt32(), out var answer))
            return;
        else if (message.TryGetProperty("error", out var error))
            answer.TrySetException(new InvalidOperationException(error.GetRawText()));
        else
            answer.TrySetResult(message.GetProperty("result"));
    }

    private void Note(string method, JsonElement parameters)
    {
        Events.Enqueue((method, parameters));
        // A page that shows a dialog does nothing else until it is answered.
        if (method == "Page.javascriptDialogOpening")
            _ = CallAsync("Page.handleJavaScriptDialog", new JsonObject { ["accept"] = true });
    }

    private static async Task ComesAsync(string what, Func<Task<bool>> condition)
    {
        for (var clock = System.Diagnostics.Stopwatch.StartNew(); !await condition(); await Task.Delay(20))
            Assert.That(clock.Elapsed, Is.LessThan(Deadline), $"{what} did not come");
    }
}
