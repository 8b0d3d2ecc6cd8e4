package dev.tiphys.network.nftables;

import dev.tiphys.network.netlink.Attributes;
import dev.tiphys.network.netlink.Messages;
import dev.tiphys.network.netlink.NetlinkException;
import dev.tiphys.network.netlink.NetlinkSocket;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The tables that a machine has, and what is in them.
public final class Tables {
  private static final int GET_TABLE = Transaction.SUBSYSTEM << 8 | 1;
  private static final int GET_RULES = Transaction.SUBSYSTEM << 8 | 7;
  private static final int GET_ELEMENTS = Transaction.SUBSYSTEM << 8 | 13;
  private static final int GET_GENERATION = Transaction.SUBSYSTEM << 8 | 16;
  private static final int NAME = 1;
  private static final int FIXED_PART = 4;

  private Tables() {}

  /// Whether the kernel takes tables of a family, with what rewrites addresses in them. Makes none.
  ///
  /// @param family its number
  /// @throws IOException if this process may not ask
  public static boolean areTaken(int family, NetlinkSocket socket) throws IOException {
    try {
      new Transaction().addProbe(family).check(socket);
      return true;
    } catch (NftablesException e) {
      if (e.error() == NetlinkException.NOT_PERMITTED) {
        throw e;
      }
      return false;
    }
  }

  /// Those whose name begins so.
  ///
  /// @throws IOException if the kernel cannot be asked
  public static List<Table> beginningWith(String prefix, NetlinkSocket socket) throws IOException {
    List<Table> tables = new ArrayList<>();
    for (Family family : Family.values()) {
      Messages request =
          new Messages()
              .begin(GET_TABLE, Messages.REQUEST | Messages.DUMP)
              .put8(family.number())
              .put8(0)
              .put16(0);
      socket.send(
          request,
          (_, body) -> {
            String name = new Attributes(body.position(FIXED_PART)).text(NAME);
            if (name.startsWith(prefix)) {
              tables.add(new Table(family, name));
            }
          });
    }
    return tables;
  }

  /// Deletes those whose name begins so, with all that is in them.
  ///
  /// @throws IOException if the kernel cannot be asked
  public static void deleteBeginningWith(String prefix, NetlinkSocket socket) throws IOException {
    Transaction transaction = new Transaction();
    beginningWith(prefix, socket).forEach(transaction::delete);
    if (!transaction.isEmpty()) {
      transaction.commit(socket);
    }
  }

  /// The number of the last change of any table of the machine, whichever program made it.
  ///
  /// @throws IOException if the kernel cannot be asked
  public static int generation(NetlinkSocket socket) throws IOException {
    int[] generation = {0};
    socket.send(
        new Messages().begin(GET_GENERATION, Messages.REQUEST).put8(0).put8(0).put16(0),
        (_, body) -> generation[0] = new Attributes(body.position(FIXED_PART)).number(1, 0));
    return generation[0];
  }

  /// How many rules a table has; 0 if there is no such table.
  ///
  /// @throws IOException if the kernel cannot be asked
  public static int rules(Table table, NetlinkSocket socket) throws IOException {
    int[] count = {0};
    ask(request(GET_RULES, table).attribute(1, table.name()), (_, _) -> count[0]++, socket);
    return count[0];
  }

  private static Messages request(int type, Table table) {
    return new Messages()
        .begin(type, Messages.REQUEST | Messages.DUMP)
        .put8(table.family().number())
        .put8(0)
        .put16(0);
  }

  /// What does not exist has nothing in it.
  private static void ask(Messages request, NetlinkSocket.Reader reader, NetlinkSocket socket)
      throws IOException {
    try {
      socket.send(request, reader);
    } catch (NetlinkException e) {
      if (e.error() != NetlinkException.NOT_FOUND) {
        throw e;
      }
    }
  }

  /// The elements of a map, with the time that each still has; none if there is no such map.
  ///
  /// @throws IOException if the kernel cannot be asked
  public static List<Element> elements(Table table, SetSpec map, NetlinkSocket socket)
      throws IOException {
    List<Element> elements = new ArrayList<>();
    ask(
        request(GET_ELEMENTS, table).attribute(1, table.name()).attribute(2, map.name()),
        (_, body) ->
            new Attributes(body.position(FIXED_PART))
                .list(3)
                .forEach(element -> read(element, elements)),
        socket);
    return elements;
  }

  /// How many elements a set or map has; 0 if there is no such set.
  ///
  /// @throws IOException if the kernel cannot be asked
  static int count(Table table, SetSpec set, NetlinkSocket socket) throws IOException {
    int[] count = {0};
    ask(
        request(GET_ELEMENTS, table).attribute(1, table.name()).attribute(2, set.name()),
        (_, body) -> count[0] += new Attributes(body.position(FIXED_PART)).list(3).size(),
        socket);
    return count[0];
  }

  private static void read(Attributes element, List<Element> elements) {
    byte[] key = element.nested(1).bytes(1);
    byte[] value = element.nested(2).bytes(1);
    if (key != null && value != null) {
      Element one = Element.to(Key.ofBytes(key), Key.ofBytes(value));
      long left = element.longNumber(5, 0);
      elements.add(left == 0 ? one : one.leavingAfter(Duration.ofMillis(left)));
    }
  }
}
