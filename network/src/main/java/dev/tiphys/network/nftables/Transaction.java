package dev.tiphys.network.nftables;

import dev.tiphys.network.netlink.Messages;
import dev.tiphys.network.netlink.NetlinkException;
import dev.tiphys.network.netlink.NetlinkSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Changes of tables that the kernel makes all at once, or not at all.
///
/// Packets see the tables as they were before or as they are after. Nothing is read back: that a
/// table is as its program remembers rests on nothing else changing it.
///
/// Threads: one.
public final class Transaction {
  static final int SUBSYSTEM = 10;
  private static final int BEGIN = 0x10;
  private static final int END = 0x11;

  private static final int NEW_TABLE = 0;
  private static final int DELETE_TABLE = 2;
  private static final int NEW_CHAIN = 3;
  private static final int DELETE_CHAIN = 5;
  private static final int NEW_RULE = 6;
  private static final int DELETE_RULE = 8;
  private static final int NEW_SET = 9;
  private static final int DELETE_SET = 11;
  private static final int NEW_ELEMENT = 12;
  private static final int DELETE_ELEMENT = 14;

  private static final int OWNED = 2;
  private static final int LIST_ELEMENT = 1;
  private static final int UNNAMED = 1;
  private static final int CONSTANT = 2;
  private static final int INTERVAL_END = 1;

  /// Well below the 64 KB that an attribute can have.
  private static final int MOST_OF_ELEMENTS = 40_000;

  private final Messages messages = new Messages();
  private final List<String> said = new ArrayList<>();
  private int sets;
  private int rules;

  public Transaction() {
    messages
        .begin(BEGIN, Messages.REQUEST)
        .put8(0)
        .put8(0)
        .put16(Short.reverseBytes((short) SUBSYSTEM));
    said.add("begin");
  }

  /// Whether there is nothing to change.
  public boolean isEmpty() {
    return messages.count() == 1;
  }

  /// How many bytes the changes take so far.
  public int size() {
    return messages.size();
  }

  /// How many steps there are so far. A refusal names the one that was refused.
  public int steps() {
    return messages.count();
  }

  /// How many rules it adds so far.
  public int rules() {
    return rules;
  }

  /// Makes what every part needs of a family: a table, and a chain in it that rewrites addresses.
  ///
  /// @param family by its number, since it may be one that no kernel knows
  Transaction addProbe(int family) {
    String name = "tiphys-probe";
    begin(NEW_TABLE, Messages.CREATE, family, "table").attribute(1, name).attribute32(2, 0);
    Messages m = begin(NEW_CHAIN, Messages.CREATE, family, "chain");
    m.attribute(1, name)
        .attribute(3, "nat")
        .nested(
            4,
            () ->
                m.attribute32(1, Hook.Point.PREROUTING.ordinal()).attribute32(2, Hook.DESTINATION))
        .attribute(7, "nat");
    return this;
  }

  /// Makes a table unless it exists.
  public Transaction add(Table table) {
    begin(NEW_TABLE, Messages.CREATE, table, "table " + table.name())
        .attribute(1, table.name())
        .attribute32(2, 0);
    return this;
  }

  /// Makes a table that belongs to the socket by which this is committed: no other may change it,
  /// and it goes when that is closed, however its process ends. Kernels before 5.12 know no owners.
  public Transaction addOwned(Table table) {
    begin(NEW_TABLE, Messages.CREATE, table, "table " + table.name())
        .attribute(1, table.name())
        .attribute32(2, OWNED);
    return this;
  }

  /// Deletes a table, which must exist, with all that is in it.
  public Transaction delete(Table table) {
    begin(DELETE_TABLE, 0, table, "deletion of table " + table.name()).attribute(1, table.name());
    return this;
  }

  /// Makes a chain unless it exists.
  public Transaction addChain(Table table, String chain) {
    begin(NEW_CHAIN, Messages.CREATE, table, "chain " + chain)
        .attribute(1, table.name())
        .attribute(3, chain);
    return this;
  }

  /// Makes a chain by which packets come into the table.
  public Transaction addChain(Table table, String chain, Hook hook) {
    Messages m = begin(NEW_CHAIN, Messages.CREATE, table, "chain " + chain);
    m.attribute(1, table.name())
        .attribute(3, chain)
        .nested(4, () -> m.attribute32(1, hook.point().ordinal()).attribute32(2, hook.priority()))
        .attribute32(5, hook.drops() ? 0 : 1)
        .attribute(7, hook.type());
    return this;
  }

  /// Removes the rules of a chain, which must exist.
  public Transaction flushChain(Table table, String chain) {
    begin(DELETE_RULE, 0, table, "rules of chain " + chain)
        .attribute(1, table.name())
        .attribute(2, chain);
    return this;
  }

  /// Deletes a chain to which nothing leads any more, with its rules.
  public Transaction deleteChain(Table table, String chain) {
    begin(DELETE_CHAIN, 0, table, "deletion of chain " + chain)
        .attribute(1, table.name())
        .attribute(3, chain);
    return this;
  }

  /// Puts a rule behind those of a chain. What it leads to, and the sets it looks into, must exist.
  public Transaction add(Table table, String chain, Rule rule) {
    rules++;
    int[] ids = new int[rule.steps().size()];
    for (Rule.Unnamed set : rule.sets()) {
      ids[set.step()] = addUnnamed(table, set);
    }
    Messages m = begin(NEW_RULE, Messages.CREATE | Messages.APPEND, table, "rule of " + chain);
    m.attribute(1, table.name()).attribute(2, chain).nested(4, () -> writeSteps(m, rule, ids));
    return this;
  }

  private static void writeSteps(Messages m, Rule rule, int[] ids) {
    for (int i = 0; i < ids.length; i++) {
      Rule.Step step = rule.steps().get(i);
      int id = ids[i];
      m.nested(
          LIST_ELEMENT,
          () ->
              m.attribute(1, step.name())
                  .nested(
                      2,
                      () -> {
                        step.attributes().accept(m);
                        if (id != 0) {
                          m.attribute32(4, id);
                        }
                      }));
    }
  }

  private int addUnnamed(Table table, Rule.Unnamed set) {
    int id = ++sets;
    newSet(table, set.spec(), set.spec().flags() | UNNAMED | CONSTANT, id, set.elements().size());
    addElements(table, set.spec(), id, set.elements());
    return id;
  }

  /// Makes a set unless it exists.
  public Transaction add(Table table, SetSpec set) {
    newSet(table, set, set.flags(), ++sets, 0);
    return this;
  }

  private void newSet(Table table, SetSpec set, int flags, int id, int size) {
    Messages m = begin(NEW_SET, Messages.CREATE, table, "set " + set.name());
    m.attribute(1, table.name())
        .attribute(2, set.name())
        .attribute32(3, flags)
        .attribute32(4, set.key().number())
        .attribute32(5, set.key().length())
        .attribute32(10, id);
    Type data = set.data();
    if (data != null) {
      m.attribute32(6, data.number());
      m.attribute32(7, data.equals(Type.VERDICT) ? 0 : data.length());
    }
    if (set.timeout().isPositive()) {
      m.attribute64(11, set.timeout().toMillis());
    }
    boolean concatenated = set.intervals() && set.key().fields().size() > 1;
    if (concatenated || size > 0) {
      m.nested(9, () -> describe(m, set, concatenated, size));
    }
  }

  private static void describe(Messages m, SetSpec set, boolean concatenated, int size) {
    if (size > 0) {
      m.attribute32(1, set.intervals() && !concatenated ? 2 * size : size);
    }
    if (concatenated) {
      m.nested(
          2,
          () -> {
            for (int length : set.key().fields()) {
              m.nested(LIST_ELEMENT, () -> m.attribute32(1, length));
            }
          });
    }
  }

  /// Deletes a set into which no rule looks any more.
  public Transaction delete(Table table, SetSpec set) {
    begin(DELETE_SET, 0, table, "deletion of set " + set.name())
        .attribute(1, table.name())
        .attribute(2, set.name());
    return this;
  }

  /// Adds elements to a set or a map. Those of a set may exist already; those of a map must not
  /// lead to something else.
  public Transaction addElements(Table table, SetSpec set, List<Element> elements) {
    addElements(table, set, 0, elements);
    return this;
  }

  private void addElements(Table table, SetSpec set, int id, List<Element> elements) {
    elements(NEW_ELEMENT, Messages.CREATE, table, set, id, elements);
  }

  /// Removes elements from a set or a map, which must have them.
  public Transaction deleteElements(Table table, SetSpec set, List<Element> elements) {
    elements(DELETE_ELEMENT, 0, table, set, 0, elements);
    return this;
  }

  /// Removes all elements of a set or a map.
  public Transaction flush(Table table, SetSpec set) {
    begin(DELETE_ELEMENT, 0, table, "elements of " + set.name())
        .attribute(1, table.name())
        .attribute(2, set.name());
    return this;
  }

  private void elements(
      int type, int flags, Table table, SetSpec set, int id, List<Element> elements) {
    for (int from = 0; from < elements.size(); ) {
      Messages m = begin(type, flags, table, "elements of " + set.name());
      m.attribute(1, table.name()).attribute(2, set.name());
      if (id != 0) {
        m.attribute32(4, id);
      }
      int[] next = {from};
      m.nested(3, () -> next[0] = writeElements(m, set, elements, next[0]));
      from = next[0];
    }
  }

  /// Writes as many elements as one message takes; the first that it did not.
  private static int writeElements(Messages m, SetSpec set, List<Element> elements, int from) {
    int start = m.size();
    int at = from;
    while (at < elements.size() && m.size() - start < MOST_OF_ELEMENTS) {
      writeElement(m, set, elements.get(at++));
    }
    return at;
  }

  private static void writeElement(Messages m, SetSpec set, Element element) {
    Key end = element.end();
    boolean concatenated = set.key().fields().size() > 1;
    m.nested(
        LIST_ELEMENT,
        () -> {
          m.nested(1, () -> m.attribute(1, element.key().bytes()));
          if (set.intervals() && concatenated) {
            m.nested(10, () -> m.attribute(1, (end == null ? element.key() : end).bytes()));
          }
          writeValue(m, element);
          Duration left = element.left();
          if (left != null) {
            m.attribute64(5, Math.max(1, left.toMillis()));
          }
        });
    if (set.intervals() && !concatenated) {
      Key behind = (end == null ? element.key() : end).successor();
      if (behind != null) {
        m.nested(
            LIST_ELEMENT,
            () -> m.attribute32(3, INTERVAL_END).nested(1, () -> m.attribute(1, behind.bytes())));
      }
    }
  }

  private static void writeValue(Messages m, Element element) {
    Key value = element.value();
    Verdict verdict = element.verdict();
    if (value != null) {
      m.nested(2, () -> m.attribute(1, value.bytes()));
    } else if (verdict != null) {
      m.nested(2, () -> writeVerdict(m, verdict));
    }
  }

  static void writeVerdict(Messages m, Verdict verdict) {
    m.nested(
        2,
        () -> {
          m.attribute32(1, verdict.code());
          if (!verdict.chain().isEmpty()) {
            m.attribute(2, verdict.chain());
          }
        });
  }

  private Messages begin(int type, int flags, Table table, String what) {
    return begin(type, flags, table.family().number(), what);
  }

  private Messages begin(int type, int flags, int family, String what) {
    said.add(what);
    return messages
        .begin(SUBSYSTEM << 8 | type, Messages.REQUEST | flags)
        .put8(family)
        .put8(0)
        .put16(0);
  }

  /// Lets the kernel make the changes.
  ///
  /// @throws NftablesException if it refuses one; then none is made
  public void commit(NetlinkSocket socket) throws NftablesException {
    messages
        .begin(END, Messages.REQUEST)
        .put8(0)
        .put8(0)
        .put16(Short.reverseBytes((short) SUBSYSTEM));
    check(socket);
  }

  /// Lets the kernel say whether it would make the changes. None is made: a transaction without an
  /// end is undone.
  ///
  /// @throws NftablesException if it would refuse one
  public void check(NetlinkSocket socket) throws NftablesException {
    try {
      socket.send(messages);
    } catch (NetlinkException e) {
      int message = e.message();
      String what = message >= 0 && message < said.size() ? said.get(message) : "transaction";
      throw new NftablesException(what, e);
    }
  }
}
