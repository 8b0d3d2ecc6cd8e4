package dev.tiphys.network.dns.corefile;

import dev.tiphys.network.dns.forward.CacheSettings;
import dev.tiphys.network.dns.forward.Policy;
import dev.tiphys.network.dns.message.Name;
import dev.tiphys.network.dns.message.Record;
import dev.tiphys.object.IpAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// A configuration, as far as it can be followed here.
///
/// @param blocks what is done about which zones
/// @param ttl of the records of the cluster, in seconds
/// @param pods whether names are made of Pods' addresses
/// @param passedOver directives that mean nothing here
public record Corefile(List<ServerBlock> blocks, int ttl, boolean pods, Set<String> passedOver) {

  /// The key of a ConfigMap under which it is.
  public static final String KEY = "Corefile";

  /// How long records of the cluster live unless it is said.
  public static final int DEFAULT_TTL = 5;

  private static final int HOSTS_TTL = 3600;
  private static final int LONGEST_TTL = 3600;
  private static final int MOST_AT_ONCE = 1000;

  /// What is done anyway, or by other means.
  private static final Set<String> MEANINGLESS =
      Set.of(
          "errors",
          "log",
          "health",
          "ready",
          "prometheus",
          "loop",
          "reload",
          "loadbalance",
          "lameduck",
          "import",
          "bufsize",
          "debug",
          "bind",
          "any",
          "whoami",
          "pprof",
          "trace");

  public Corefile {
    blocks = List.copyOf(blocks);
    passedOver = Set.copyOf(passedOver);
  }

  /// Reads a configuration.
  ///
  /// @param data of the ConfigMap: files that the configuration names are among its keys
  /// @throws CorefileException if it cannot be followed
  public static Corefile read(Map<String, String> data) throws CorefileException {
    Reader reader = new Reader(data);
    for (Directive each : Directive.read(data.getOrDefault(KEY, ""))) {
      reader.block(each);
    }
    if (reader.blocks.isEmpty()) {
      throw new CorefileException(1, "there is no server block");
    }
    return new Corefile(reader.blocks, reader.ttl, reader.pods, reader.passedOver);
  }

  private static final class Reader {
    private final Map<String, String> files;
    private final List<ServerBlock> blocks = new ArrayList<>();
    private final Set<String> passedOver = new TreeSet<>();
    private final Set<Name> taken = new HashSet<>();
    private int ttl = DEFAULT_TTL;
    private boolean pods = true;

    Reader(Map<String, String> files) {
      this.files = files;
    }

    void block(Directive block) throws CorefileException {
      if (block.name().equals("import")) {
        passedOver.add("import");
        return;
      }
      List<Name> zones = zones(block);
      List<Hosts> hosts = new ArrayList<>();
      List<ServerBlock.Forward> forwards = new ArrayList<>();
      CacheSettings cache = CacheSettings.NONE;
      for (Directive each : block.block()) {
        switch (each.name()) {
          case "hosts" -> hosts.add(hosts(each, zones));
          case "forward" -> forwards.add(forward(each));
          case "cache" -> cache = cache(each);
          case "kubernetes" -> kubernetes(each);
          default -> passOver(each);
        }
      }
      blocks.add(new ServerBlock(zones, hosts, forwards, cache));
    }

    private List<Name> zones(Directive block) throws CorefileException {
      List<Name> zones = new ArrayList<>();
      for (String word : String.join(" ", block.words()).split("[ ,]+")) {
        String text = word.startsWith("dns://") ? word.substring("dns://".length()) : word;
        int colon = text.lastIndexOf(':');
        if (colon >= 0 && !text.substring(colon + 1).equals("53")) {
          throw new CorefileException(block.line(), "a port other than 53: " + word);
        }
        String zone = colon < 0 ? text : text.substring(0, colon);
        Name name = name(block, zone.isEmpty() ? "." : zone);
        if (!taken.add(name)) {
          throw new CorefileException(block.line(), "a second block for " + name);
        }
        zones.add(name);
      }
      return zones;
    }

    private static Name name(Directive directive, String text) throws CorefileException {
      Name name = text.contains("/") ? null : Name.parse(text);
      if (name == null) {
        throw new CorefileException(directive.line(), "no zone: " + text);
      }
      return name;
    }

    private static List<Name> names(Directive directive, List<String> texts)
        throws CorefileException {
      List<Name> names = new ArrayList<>();
      for (String each : texts) {
        names.add(name(directive, each));
      }
      return names;
    }

    private void passOver(Directive directive) throws CorefileException {
      if (!MEANINGLESS.contains(directive.name())) {
        throw new CorefileException(directive.line(), "not supported: " + directive.name());
      }
      passedOver.add(directive.name());
    }

    private static int number(Directive directive, String text, int least, int most)
        throws CorefileException {
      try {
        int value = Integer.parseInt(text);
        if (value >= least && value <= most) {
          return value;
        }
      } catch (NumberFormatException e) {
        // is said below
      }
      throw new CorefileException(
          directive.line(), "not a number from %d to %d: %s".formatted(least, most, text));
    }

    private static String argument(Directive directive, int index) throws CorefileException {
      if (directive.arguments().size() <= index) {
        throw new CorefileException(
            directive.line(), "something is missing behind " + directive.name());
      }
      return directive.arguments().get(index);
    }

    private void kubernetes(Directive directive) throws CorefileException {
      pods = false;
      for (Directive each : directive.block()) {
        switch (each.name()) {
          case "ttl" -> ttl = number(each, argument(each, 0), 0, LONGEST_TTL);
          case "pods" -> pods = podNames(each);
          case "fallthrough", "endpoint_pod_names" -> {}
          default -> passedOver.add("kubernetes " + each.name());
        }
      }
    }

    private static boolean podNames(Directive directive) throws CorefileException {
      return switch (argument(directive, 0)) {
        case "disabled" -> false;
        case "insecure" -> true;
        default ->
            throw new CorefileException(
                directive.line(), "not supported: pods " + argument(directive, 0));
      };
    }

    private CacheSettings cache(Directive directive) throws CorefileException {
      CacheSettings cache = CacheSettings.DEFAULT;
      int entries = cache.entries();
      Duration found = cache.longest();
      Duration denied = cache.longestDenial();
      int hot = cache.hot();
      Duration stale = cache.stale();
      if (!directive.arguments().isEmpty() && directive.arguments().getFirst().matches("[0-9]+")) {
        found = seconds(directive, 0);
        denied = found.compareTo(denied) < 0 ? found : denied;
      }
      for (Directive each : directive.block()) {
        switch (each.name()) {
          case "success" -> {
            entries = number(each, argument(each, 0), 1, 1_000_000);
            found = each.arguments().size() > 1 ? seconds(each, 1) : found;
          }
          case "denial" -> denied = each.arguments().size() > 1 ? seconds(each, 1) : denied;
          case "prefetch" -> hot = number(each, argument(each, 0), 0, Integer.MAX_VALUE);
          case "serve_stale" ->
              stale = each.arguments().isEmpty() ? stale : duration(each, argument(each, 0));
          case "disable", "servfail", "keepttl" -> passedOver.add("cache " + each.name());
          default ->
              throw new CorefileException(each.line(), "not supported: cache " + each.name());
        }
      }
      return new CacheSettings(entries, found, denied, hot, stale);
    }

    private static Duration seconds(Directive directive, int index) throws CorefileException {
      return Duration.ofSeconds(
          number(directive, argument(directive, index), 0, Integer.MAX_VALUE));
    }

    private static Duration duration(Directive directive, String text) throws CorefileException {
      try {
        return Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
      } catch (DateTimeParseException e) {
        throw new CorefileException(directive.line(), "not a span of time: " + text);
      }
    }

    private static ServerBlock.Forward forward(Directive directive) throws CorefileException {
      Name from = name(directive, argument(directive, 0));
      List<String> to = new ArrayList<>();
      String first = argument(directive, 1);
      for (String each : directive.arguments().subList(1, directive.arguments().size())) {
        String text = each.startsWith("dns://") ? each.substring("dns://".length()) : each;
        if (!text.startsWith("/") && Servers.address(text) == null) {
          throw new CorefileException(directive.line(), "no server: " + each);
        }
        to.add(text);
      }
      if (first.isEmpty()) {
        throw new CorefileException(directive.line(), "no server: " + first);
      }
      List<Name> except = List.of();
      Policy policy = Policy.RANDOM;
      boolean onlyStreams = false;
      int most = MOST_AT_ONCE;
      for (Directive each : directive.block()) {
        switch (each.name()) {
          case "except" -> except = names(each, each.arguments());
          case "policy" -> policy = policy(each);
          case "force_tcp" -> onlyStreams = true;
          case "max_concurrent" -> most = number(each, argument(each, 0), 0, 1_000_000);
          case "prefer_udp", "max_fails", "expire", "health_check", "next", "failover" -> {}
          default ->
              throw new CorefileException(each.line(), "not supported: forward " + each.name());
        }
      }
      return new ServerBlock.Forward(
          from, to, except, policy, onlyStreams, most == 0 ? MOST_AT_ONCE : most);
    }

    private static Policy policy(Directive directive) throws CorefileException {
      return switch (argument(directive, 0)) {
        case "random" -> Policy.RANDOM;
        case "round_robin" -> Policy.ROUND_ROBIN;
        case "sequential" -> Policy.SEQUENTIAL;
        default ->
            throw new CorefileException(directive.line(), "no policy: " + argument(directive, 0));
      };
    }

    private Hosts hosts(Directive directive, List<Name> zones) throws CorefileException {
      int ttlOfHosts = HOSTS_TTL;
      boolean passes = false;
      boolean reverse = true;
      List<Directive> lines = new ArrayList<>();
      List<Name> about = zones;
      if (!directive.arguments().isEmpty()) {
        String path = argument(directive, 0);
        String text = files.get(path.substring(path.lastIndexOf('/') + 1));
        if (text == null) {
          throw new CorefileException(directive.line(), "not a key of the ConfigMap: " + path);
        }
        for (Directive each : Directive.read(text)) {
          lines.add(new Directive(directive.line(), each.words(), List.of()));
        }
        List<String> named = directive.arguments().subList(1, directive.arguments().size());
        about = named.isEmpty() ? zones : names(directive, named);
      }
      for (Directive each : directive.block()) {
        switch (each.name()) {
          case "ttl" -> ttlOfHosts = number(each, argument(each, 0), 1, 65535);
          case "fallthrough" -> passes = true;
          case "no_reverse" -> reverse = false;
          case "reload" -> {}
          default -> lines.add(each);
        }
      }
      Map<Name, List<Record>> records = new HashMap<>();
      for (Directive each : lines) {
        host(each, ttlOfHosts, reverse, records);
      }
      return new Hosts(records, about, passes);
    }

    private static void host(
        Directive line, int ttl, boolean reverse, Map<Name, List<Record>> records)
        throws CorefileException {
      if (IpAddress.parse(line.name()) == null) {
        throw new CorefileException(line.line(), "no address: " + line.name());
      }
      InetAddress address = InetAddress.ofLiteral(line.name());
      for (Name each : names(line, line.arguments())) {
        records
            .computeIfAbsent(each, _ -> new ArrayList<>())
            .add(Record.address(each, ttl, address));
        if (reverse) {
          Name of = Name.ofAddress(address);
          records.computeIfAbsent(of, _ -> new ArrayList<>()).add(Record.ptr(of, ttl, each));
        }
      }
    }
  }
}
