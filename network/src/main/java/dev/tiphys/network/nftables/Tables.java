package dev.tiphys.network.nftables;

import dev.tiphys.network.netlink.Attributes;
import dev.tiphys.network.netlink.Messages;
import dev.tiphys.network.netlink.NetlinkSocket;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// The tables that a machine has.
public final class Tables {
  private static final int GET_TABLE = Transaction.SUBSYSTEM << 8 | 1;
  private static final int NAME = 1;
  private static final int FIXED_PART = 4;

  private Tables() {}

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
}
