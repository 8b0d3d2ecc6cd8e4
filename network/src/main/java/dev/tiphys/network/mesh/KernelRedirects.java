package dev.tiphys.network.mesh;

import dev.tiphys.network.NetworkSettings;
import dev.tiphys.network.netlink.NetlinkSocket;
import dev.tiphys.network.nftables.Element;
import dev.tiphys.network.nftables.Family;
import dev.tiphys.network.nftables.Hook;
import dev.tiphys.network.nftables.Hook.Point;
import dev.tiphys.network.nftables.Key;
import dev.tiphys.network.nftables.Rule;
import dev.tiphys.network.nftables.Table;
import dev.tiphys.network.nftables.Tables;
import dev.tiphys.network.nftables.Transaction;
import dev.tiphys.network.nftables.Type;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Redirects by rules of the kernel, which come before those of the service proxy, whichever that
/// is.
///
/// The rules belong to this process: when it ends, however it does, the kernel removes them, and
/// connections go where the service proxy sends them. Callers keep their addresses.
///
/// Threads: one.
public final class KernelRedirects implements Redirects {

  private static final int TCP = 6;
  private static final int BEFORE_SERVICES = Hook.DESTINATION - 5;

  private final NetworkSettings settings;
  private final NetlinkSocket socket;
  private Map<InetSocketAddress, InetSocketAddress> present = Map.of();
  private final Set<Family> made = new HashSet<>();

  /// @throws IOException if the kernel cannot be asked
  public KernelRedirects(NetworkSettings settings) throws IOException {
    this.settings = settings;
    this.socket = settings.namespace().open(NetlinkSocket.NETFILTER);
    Tables.deleteBeginningWith(settings.table("mesh"), socket); // of a kernel that knows no owners
  }

  @Override
  public void serve(Map<InetSocketAddress, InetSocketAddress> wanted) throws IOException {
    if (wanted.equals(present)) {
      return;
    }
    Transaction transaction = new Transaction();
    Set<Family> next = new HashSet<>();
    for (Family family : settings.families()) {
      Table table = new Table(family, settings.table("mesh"));
      List<Element> elements = elements(wanted, family);
      if (made.contains(family)) {
        transaction.delete(table);
      }
      if (!elements.isEmpty()) {
        next.add(family);
        write(transaction, table, elements);
      }
    }
    if (!transaction.isEmpty()) {
      transaction.commit(socket);
    }
    made.clear();
    made.addAll(next);
    present = Map.copyOf(wanted);
  }

  private static List<Element> elements(
      Map<InetSocketAddress, InetSocketAddress> wanted, Family family) {
    List<Element> elements = new ArrayList<>();
    wanted.forEach(
        (from, to) -> {
          if (Family.of(from.getAddress()) == family && Family.of(to.getAddress()) == family) {
            elements.add(
                Element.to(
                    Key.of(from.getAddress()).protocol(TCP).port(from.getPort()),
                    Key.of(to.getAddress()).port(to.getPort())));
          }
        });
    return elements;
  }

  private static void write(Transaction transaction, Table table, List<Element> elements) {
    transaction.addOwned(table);
    hook(transaction, table, "nat-prerouting", Point.PREROUTING, elements);
    hook(transaction, table, "nat-output", Point.OUTPUT, elements);
  }

  private static void hook(
      Transaction transaction, Table table, String chain, Point point, List<Element> elements) {
    Family family = table.family();
    Type address = Type.address(family);
    int protocol = family.registers();
    int into = protocol + 2;
    transaction
        .addChain(table, chain, Hook.of("nat", point, BEFORE_SERVICES))
        .add(
            table,
            chain,
            Rule.of(family)
                .destination(0)
                .protocol(protocol)
                .destinationPort(protocol + 1)
                .mapUnnamed(
                    Type.of(address, Type.PROTOCOL, Type.PORT),
                    Type.of(address, Type.PORT),
                    elements,
                    0,
                    into)
                .sendTo(into, into + family.registers()));
  }

  @Override
  public void close() {
    socket.close();
  }
}
