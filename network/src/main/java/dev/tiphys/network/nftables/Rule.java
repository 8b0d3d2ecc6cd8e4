package dev.tiphys.network.nftables;

import dev.tiphys.network.netlink.Messages;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/// A rule: what is looked at, step by step, and what becomes of a packet that passes all steps.
///
/// Steps load fields of the packet into registers of four bytes, numbered from 0 to 15; an IPv6
/// address takes four of them. Methods are named for what `nft` shows of the rule.
///
/// Threads: one.
public final class Rule {

  /// The bits of `ct state`.
  public static final int ESTABLISHED = 2;

  public static final int RELATED = 4;
  public static final int NEW = 8;
  public static final int INVALID = 1;

  /// The bit of `ct status` of connections whose destination was rewritten.
  public static final int DESTINATION_REWRITTEN = 1 << 5;

  static final int REGISTER = 8;

  private static final int META_MARK = 3;
  private static final int META_IN_NAME = 6;
  private static final int META_OUT_NAME = 7;
  private static final int META_PROTOCOL = 16;
  private static final int NETWORK = 1;
  private static final int TRANSPORT = 2;
  private static final int CT_STATE = 0;
  private static final int CT_STATUS = 2;
  private static final int EQUAL = 0;
  private static final int NOT_EQUAL = 1;
  private static final int RANDOM = 1;
  private static final int DESTINATION = 1;
  private static final int FULLY_RANDOM = 16;
  private static final int UPDATE = 1;
  private static final int DELETE = 2;
  private static final int ADDRESS_TYPE = 3;
  private static final int BY_DESTINATION = 2;
  private static final int BY_SOURCE = 1;
  private static final int LOCAL = 2;
  private static final int RESET = 1;
  private static final int UNREACHABLE = 0;

  /// A step, as its name and its attributes.
  record Step(String name, Consumer<Messages> attributes) {}

  private final Family family;
  private final List<Step> steps = new ArrayList<>();
  private final List<Unnamed> sets = new ArrayList<>();

  /// A set that belongs to the rule alone, and goes with it.
  ///
  /// @param step which step looks into it
  record Unnamed(int step, SetSpec spec, List<Element> elements) {}

  private Rule(Family family) {
    this.family = family;
  }

  /// A rule without steps, which every packet passes.
  public static Rule of(Family family) {
    return new Rule(family);
  }

  List<Step> steps() {
    return steps;
  }

  List<Unnamed> sets() {
    return sets;
  }

  /// Loads the source address.
  public Rule source(int register) {
    return payload(NETWORK, family.sourceOffset(), family.addressLength(), register);
  }

  /// Loads the destination address.
  public Rule destination(int register) {
    return payload(NETWORK, family.destinationOffset(), family.addressLength(), register);
  }

  /// Loads the port that the packet comes from.
  public Rule sourcePort(int register) {
    return payload(TRANSPORT, 0, 2, register);
  }

  /// Loads the port that the packet goes to.
  public Rule destinationPort(int register) {
    return payload(TRANSPORT, 2, 2, register);
  }

  /// Loads the number of the protocol above IP.
  public Rule protocol(int register) {
    return meta(META_PROTOCOL, register);
  }

  /// Loads the type of a message of ICMP. Only where the rule has made sure that it is one.
  public Rule icmpType(int register) {
    return payload(TRANSPORT, 0, 1, register);
  }

  /// Passes packets of a protocol above IP.
  public Rule isProtocol(int number) {
    return protocol(0).equal(0, new byte[] {(byte) number});
  }

  /// Passes packets that come in by an interface.
  public Rule comesBy(String networkInterface) {
    return meta(META_IN_NAME, 0).equal(0, name(networkInterface));
  }

  /// Passes packets that come in by any other interface.
  public Rule comesByOtherThan(String networkInterface) {
    return meta(META_IN_NAME, 0).notEqual(0, name(networkInterface));
  }

  /// Passes packets that leave by an interface.
  public Rule leavesBy(String networkInterface) {
    return meta(META_OUT_NAME, 0).equal(0, name(networkInterface));
  }

  /// Passes packets in which a register is these bytes.
  public Rule equal(int register, Key value) {
    return equal(register, value.bytes());
  }

  /// Passes packets in which a register is anything but these bytes.
  public Rule notEqual(int register, Key value) {
    return notEqual(register, value.bytes());
  }

  /// Passes packets whose source or destination, as loaded, lies within a range of addresses.
  ///
  /// @param within whether those within or those outside pass
  public Rule inPrefix(int register, InetAddress first, int bits, boolean within) {
    byte[] network = first.getAddress();
    byte[] mask = new byte[network.length];
    for (int bit = 0; bit < bits; bit++) {
      mask[bit / 8] |= (byte) (0x80 >> bit % 8);
    }
    masked(register, mask);
    return within ? equal(register, network) : notEqual(register, network);
  }

  /// Takes a number that a map led to through the mark of the packet, which stays as it is. Changes
  /// nothing for the kernel; but `nft` ends with a failed assertion when it is to show what a
  /// number is used for that came straight out of a map.
  ///
  /// @param spare a register that is free
  public Rule throughMark(int register, int spare) {
    meta(META_MARK, spare);
    storeMark(register);
    meta(META_MARK, register);
    return storeMark(spare);
  }

  private Rule storeMark(int register) {
    return step("meta", m -> m.attribute32(2, META_MARK).attribute32(3, REGISTER + register));
  }

  /// Keeps those bits of registers that are set in a mask.
  private Rule masked(int register, byte[] mask) {
    return step(
        "bitwise",
        m ->
            m.attribute32(1, REGISTER + register)
                .attribute32(2, REGISTER + register)
                .attribute32(3, mask.length)
                .nested(4, () -> m.attribute(1, mask))
                .nested(5, () -> m.attribute(1, new byte[mask.length])));
  }

  /// Passes packets of connections in one of these states.
  public Rule connectionState(int bits) {
    return connection(CT_STATE, bits, true);
  }

  /// Passes packets of connections that have, or do not have, one of these bits of their status.
  public Rule connectionStatus(int bits, boolean set) {
    return connection(CT_STATUS, bits, set);
  }

  private Rule connection(int key, int bits, boolean set) {
    step("ct", m -> m.attribute32(1, REGISTER).attribute32(2, key));
    masked(0, number(bits));
    return set ? notEqual(0, number(0)) : equal(0, number(0));
  }

  /// Passes packets that have, or do not have, one of these bits of the mark.
  public Rule marked(int bits, boolean set) {
    meta(META_MARK, 0).masked(0, number(bits));
    return set ? notEqual(0, number(0)) : equal(0, number(0));
  }

  /// Sets bits of the mark, and leaves the others.
  public Rule setMark(int bits) {
    return changeMark(~bits, bits);
  }

  /// Clears bits of the mark, and leaves the others.
  public Rule clearMark(int bits) {
    return changeMark(~bits, 0);
  }

  private Rule changeMark(int kept, int changed) {
    meta(META_MARK, 0);
    step(
        "bitwise",
        m ->
            m.attribute32(1, REGISTER)
                .attribute32(2, REGISTER)
                .attribute32(3, 4)
                .nested(4, () -> m.attribute(1, number(kept)))
                .nested(5, () -> m.attribute(1, number(changed))));
    return storeMark(0);
  }

  /// Passes packets that go to an address of this machine, or to any other.
  public Rule toThisMachine(boolean local) {
    return addressType(BY_DESTINATION, local);
  }

  /// Passes packets that come from an address of this machine, or from any other.
  public Rule fromThisMachine(boolean local) {
    return addressType(BY_SOURCE, local);
  }

  private Rule addressType(int of, boolean local) {
    step("fib", m -> m.attribute32(1, REGISTER).attribute32(2, ADDRESS_TYPE).attribute32(3, of));
    return local ? equal(0, number(LOCAL)) : notEqual(0, number(LOCAL));
  }

  /// Passes packets whose key, in registers from this one on, is in a set.
  public Rule in(String set, int register) {
    return step("lookup", m -> m.attribute(1, set).attribute32(2, REGISTER + register));
  }

  /// Passes packets whose key, in registers from this one on, is not in a set.
  public Rule notIn(String set, int register) {
    return step(
        "lookup", m -> m.attribute(1, set).attribute32(2, REGISTER + register).attribute32(5, 1));
  }

  /// Passes packets whose key is one of these elements, which belong to the rule.
  public Rule inUnnamed(Type key, boolean ranges, List<Element> elements, int register) {
    return unnamed(new SetSpec("__set%d", key, null, ranges, Duration.ZERO), elements)
        .step("lookup", m -> m.attribute(1, "__set%d").attribute32(2, REGISTER + register));
  }

  /// Passes packets whose key a map has, and loads to what it leads.
  public Rule map(String map, int register, int into) {
    return step(
        "lookup",
        m ->
            m.attribute(1, map)
                .attribute32(2, REGISTER + register)
                .attribute32(3, REGISTER + into));
  }

  /// Loads to what a map that belongs to the rule leads.
  public Rule mapUnnamed(Type key, Type data, List<Element> elements, int register, int into) {
    return unnamed(new SetSpec("__map%d", key, data, false, Duration.ZERO), elements)
        .step(
            "lookup",
            m ->
                m.attribute(1, "__map%d")
                    .attribute32(2, REGISTER + register)
                    .attribute32(3, REGISTER + into));
  }

  /// Does with the packet what a map of verdicts says for the key; goes on if it has none.
  public Rule verdictOf(String map, int register) {
    return step(
        "lookup", m -> m.attribute(1, map).attribute32(2, REGISTER + register).attribute32(3, 0));
  }

  private Rule unnamed(SetSpec spec, List<Element> elements) {
    sets.add(new Unnamed(steps.size(), spec, List.copyOf(elements)));
    return this;
  }

  /// Loads a random number below `modulus`, in the machine's order.
  public Rule random(int modulus, int register) {
    return step(
        "numgen",
        m -> m.attribute32(1, REGISTER + register).attribute32(2, modulus).attribute32(3, RANDOM));
  }

  /// Loads a port.
  public Rule loadPort(int port, int register) {
    byte[] value = {(byte) (port >> 8), (byte) port};
    return step(
        "immediate",
        m -> m.attribute32(1, REGISTER + register).nested(2, () -> m.attribute(1, value)));
  }

  /// Loads a value.
  public Rule load(Key value, int register) {
    return step(
        "immediate",
        m -> m.attribute32(1, REGISTER + register).nested(2, () -> m.attribute(1, value.bytes())));
  }

  /// Removes the key in registers from a map, if it is there.
  ///
  /// @param value where a value of the map starts, which the kernel wants to be told though it does
  ///   not look at it
  public Rule forget(String map, int register, int value) {
    return change(map, DELETE, register, value, Duration.ZERO);
  }

  /// Adds the key and value in registers to a map for a while. If the map has the key, it stays for
  /// the whole time again, with the value that it has.
  public Rule remember(String map, int register, int value, Duration span) {
    return change(map, UPDATE, register, value, span);
  }

  private Rule change(String map, int how, int register, int value, Duration span) {
    return step(
        "dynset",
        m -> {
          m.attribute(1, map)
              .attribute32(3, how)
              .attribute32(4, REGISTER + register)
              .attribute32(5, REGISTER + value);
          if (span.isPositive()) {
            m.attribute64(6, span.toMillis());
          }
        });
  }

  /// Sends the connection to the address in registers.
  ///
  /// @param port where the port is; -1 to leave it as it is
  public Rule sendTo(int address, int port) {
    return step(
        "nat",
        m -> {
          m.attribute32(1, DESTINATION)
              .attribute32(2, family.number())
              .attribute32(3, REGISTER + address);
          if (port >= 0) {
            m.attribute32(5, REGISTER + port);
          }
        });
  }

  /// Lets the connection come from an address of the interface by which it leaves.
  public Rule masquerade() {
    return step("masq", m -> m.attribute32(1, FULLY_RANDOM));
  }

  /// Refuses the packet: a reset for TCP, otherwise a message that the port cannot be reached.
  /// Reset only where the rule has made sure that it is TCP.
  public Rule reject(boolean reset) {
    return step(
        "reject",
        m ->
            m.attribute32(1, reset ? RESET : UNREACHABLE)
                .attribute8(2, reset ? 0 : family.portUnreachable()));
  }

  /// Counts the packets that come here.
  public Rule count() {
    return step("counter", m -> m.attribute64(1, 0).attribute64(2, 0));
  }

  /// Decides.
  public Rule then(Verdict verdict) {
    return step(
        "immediate",
        m -> m.attribute32(1, 0).nested(2, () -> Transaction.writeVerdict(m, verdict)));
  }

  private Rule payload(int base, int offset, int length, int register) {
    return step(
        "payload",
        m ->
            m.attribute32(1, REGISTER + register)
                .attribute32(2, base)
                .attribute32(3, offset)
                .attribute32(4, length));
  }

  private Rule meta(int key, int register) {
    return step("meta", m -> m.attribute32(1, REGISTER + register).attribute32(2, key));
  }

  private Rule equal(int register, byte[] value) {
    return compare(register, EQUAL, value);
  }

  private Rule notEqual(int register, byte[] value) {
    return compare(register, NOT_EQUAL, value);
  }

  private Rule compare(int register, int how, byte[] value) {
    return step(
        "cmp",
        m ->
            m.attribute32(1, REGISTER + register)
                .attribute32(2, how)
                .nested(3, () -> m.attribute(1, value)));
  }

  private Rule step(String name, Consumer<Messages> attributes) {
    steps.add(new Step(name, attributes));
    return this;
  }

  /// The bytes of a number as registers hold it, in the machine's order.
  static byte[] number(int number) {
    return ByteBuffer.allocate(4).order(ByteOrder.nativeOrder()).putInt(number).array();
  }

  static byte[] name(String networkInterface) {
    byte[] text = networkInterface.getBytes(StandardCharsets.US_ASCII);
    return Arrays.copyOf(text, 16);
  }
}
