package dev.tiphys.network.conntrack;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/// How the kernel is to remember connections, with kube-proxy's meaning: each is a least value, and
/// what the machine has already is never lowered. Zero leaves things as they are.
///
/// @param mostPerCore how many connections it can remember for each processor
/// @param least how many it can remember at least, however few processors there are; means nothing
///   without `mostPerCore`
/// @param established how long connections are remembered on which nothing is sent
/// @param closeWait the same for those that one side has closed
/// @param liberal whether packets outside a connection's window belong to it all the same
/// @param unanswered how long datagrams are remembered that nothing answers
/// @param stream the same for datagrams that go both ways
public record Tuning(
    int mostPerCore,
    int least,
    Duration established,
    Duration closeWait,
    boolean liberal,
    Duration unanswered,
    Duration stream) {

  private static final System.Logger LOG = System.getLogger(Tuning.class.getName());
  private static final String MOST = "nf_conntrack_max";

  /// As many connections as in each place of the kernel's table there may be, on average.
  private static final int PER_PLACE = 4;

  /// The usual one.
  public static final Tuning USUAL =
      new Tuning(
          32_768,
          131_072,
          Duration.ofHours(24),
          Duration.ofHours(1),
          false,
          Duration.ZERO,
          Duration.ZERO);

  /// Raises what is lower on this machine. What cannot be written is said in one line of the log:
  /// the proxy works all the same.
  public void apply() {
    apply(
        Path.of("/proc/sys/net/netfilter"),
        Path.of("/sys/module/nf_conntrack/parameters/hashsize"),
        Runtime.getRuntime().availableProcessors());
  }

  /// @param settings the directory with the kernel's settings of connections
  /// @param places the file with the size of its table
  /// @param cores how many processors it has
  void apply(Path settings, Path places, int cores) {
    Map<String, Long> refused = new LinkedHashMap<>();
    Map<String, Long> wanted = wanted(cores);
    wanted.forEach((name, value) -> raise(settings.resolve(name), value, refused));
    raise(places, wanted.getOrDefault(MOST, 0L) / PER_PLACE, refused);
    if (!refused.isEmpty()) {
      LOG.log(
          Level.WARNING,
          "this process may not set how the kernel remembers connections, which stays as it is:"
              + " wanted={0}",
          refused);
    }
  }

  private static void raise(Path file, long value, Map<String, Long> refused) {
    if (value == 0) {
      return;
    }
    try {
      if (Long.parseLong(Files.readString(file).strip()) < value) {
        Files.writeString(file, Long.toString(value), StandardOpenOption.WRITE);
        LOG.log(
            Level.INFO, "the kernel remembers connections with {0}={1}", name(file), "" + value);
      }
    } catch (IOException | NumberFormatException e) {
      refused.put(name(file), value);
    }
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }

  private Map<String, Long> wanted(int cores) {
    Map<String, Long> wanted = new LinkedHashMap<>();
    wanted.put(MOST, mostPerCore == 0 ? 0 : Math.max((long) mostPerCore * cores, least));
    wanted.put("nf_conntrack_tcp_timeout_established", established.toSeconds());
    wanted.put("nf_conntrack_tcp_timeout_close_wait", closeWait.toSeconds());
    wanted.put("nf_conntrack_tcp_be_liberal", liberal ? 1L : 0);
    wanted.put("nf_conntrack_udp_timeout", unanswered.toSeconds());
    wanted.put("nf_conntrack_udp_timeout_stream", stream.toSeconds());
    return wanted;
  }
}
