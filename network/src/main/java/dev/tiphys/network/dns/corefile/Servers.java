package dev.tiphys.network.dns.corefile;

import dev.tiphys.network.dns.message.Name;
import dev.tiphys.object.IpAddress;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Name servers, as texts and files name them.
public final class Servers {

  private static final System.Logger LOG = System.getLogger(Servers.class.getName());
  private static final int PORT = 53;

  private Servers() {}

  /// The address of a server, with a port or without; null if it is none.
  public static @Nullable InetSocketAddress address(String text) {
    if (IpAddress.parse(text) != null) {
      return new InetSocketAddress(InetAddress.ofLiteral(text), PORT);
    }
    int colon = text.lastIndexOf(':');
    String host = colon < 0 ? "" : text.substring(0, colon).replaceAll("^\\[|]$", "");
    String port = text.substring(colon + 1);
    return IpAddress.parse(host) == null || !port.matches("[0-9]{1,4}|[1-5][0-9]{4}")
        ? null
        : new InetSocketAddress(InetAddress.ofLiteral(host), Integer.parseInt(port));
  }

  /// The domains where names are looked for, as a file of the form of resolv.conf(5) says.
  public static List<Name> domains(Path file) {
    List<Name> domains = List.of();
    for (String line : lines(file)) {
      String[] words = line.strip().split("\\s+");
      if (words[0].equals("search") || words[0].equals("domain")) { // the last one counts
        domains =
            Stream.of(words)
                .skip(1)
                .map(Name::parse)
                .filter(Objects::nonNull)
                .filter(each -> !each.equals(Name.ROOT))
                .toList();
      }
    }
    return domains;
  }

  /// The servers that a file of the form of resolv.conf(5) names, without doubles.
  public static List<InetSocketAddress> of(Path file) {
    List<InetSocketAddress> servers = new ArrayList<>();
    for (String line : lines(file)) {
      String[] words = line.strip().split("\\s+");
      if (words.length > 1 && words[0].equals("nameserver")) {
        InetSocketAddress address = address(words[1]);
        if (address != null && !servers.contains(address)) {
          servers.add(address);
        }
      }
    }
    return servers;
  }

  /// A machine without such a file has no servers.
  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cannot read {0}: {1}", file, e.getMessage());
      return List.of();
    }
  }
}
