package dev.tiphys.network.dns.message;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A query as it came from a client, or what is wrong with it.
public final class Query {

  /// Without EDNS no client takes more by datagram.
  static final int SMALLEST_LIMIT = 512;

  /// No datagram of ours is larger: it would be in pieces on some links.
  static final int LARGEST_DATAGRAM = 1232;

  static final int HEADER = 12;
  private static final int RESPONSE = 0x8000;
  private static final int OPCODE = 0x7800;
  private static final int RECURSION_DESIRED = 0x0100;
  private static final int CHECKING_DISABLED = 0x0010;
  private static final int DNSSEC_OK = 0x8000;
  private static final int INTERNET = 1;

  private final int id;
  private final int flags;
  private Rcode fault = Rcode.NOERROR;
  private @Nullable Name name;
  private byte[] asked = new byte[0];
  private int type;
  private int size = SMALLEST_LIMIT;
  private boolean extended;
  private boolean dnssec;

  private Query(int id, int flags) {
    this.id = id;
    this.flags = flags;
  }

  /// Reads a query, from a buffer that holds nothing else. Null for what is not to be answered at
  /// all: something too short for a header, or an answer.
  public static @Nullable Query read(ByteBuffer in) {
    if (in.remaining() < HEADER) {
      return null;
    }
    int id = in.getShort() & 0xffff;
    int flags = in.getShort() & 0xffff;
    if ((flags & RESPONSE) != 0) {
      return null;
    }
    Query query = new Query(id, flags);
    int questions = in.getShort() & 0xffff;
    int others = (in.getShort() & 0xffff) + (in.getShort() & 0xffff);
    int additional = in.getShort() & 0xffff;
    if ((flags & OPCODE) != 0) {
      query.fault = Rcode.NOTIMP;
    } else if (questions != 1
        || !query.readQuestion(in)
        || !query.readRecords(in, others, false)
        || !query.readRecords(in, additional, true)
        || in.hasRemaining()) {
      query.fault = Rcode.FORMERR;
    }
    return query;
  }

  private boolean readQuestion(ByteBuffer in) {
    int start = in.position();
    byte[] lower = new byte[Name.LONGEST];
    int length = 0;
    while (true) {
      if (!in.hasRemaining()) {
        return false;
      }
      int label = in.get() & 0xff;
      if (label > 63 || length + label + 2 > Name.LONGEST && label != 0 || label > in.remaining()) {
        return false;
      }
      lower[length++] = (byte) label;
      if (label == 0) {
        break;
      }
      for (int i = 0; i < label; i++) {
        lower[length++] = Name.lower(in.get());
      }
    }
    if (in.remaining() < 4) {
      return false;
    }
    type = in.getShort() & 0xffff;
    int questionClass = in.getShort() & 0xffff;
    asked = new byte[in.position() - start];
    in.get(start, asked);
    name = new Name(Arrays.copyOf(lower, length));
    if (questionClass != INTERNET || type == Type.AXFR || type == Type.IXFR) {
      fault = Rcode.REFUSED;
    } else if (type == Type.OPT) {
      return false;
    }
    return true;
  }

  /// Skips records, but for the one of EDNS. False if they are malformed.
  private boolean readRecords(ByteBuffer in, int count, boolean additional) {
    for (int i = 0; i < count; i++) {
      boolean root = in.hasRemaining() && in.get(in.position()) == 0;
      if (!skipName(in) || in.remaining() < 10) {
        return false;
      }
      int recordType = in.getShort() & 0xffff;
      int recordClass = in.getShort() & 0xffff;
      int ttl = in.getInt();
      int length = in.getShort() & 0xffff;
      if (length > in.remaining()) {
        return false;
      }
      in.position(in.position() + length);
      if (recordType == Type.OPT) {
        if (!additional || !root || extended) {
          return false;
        }
        extended = true;
        size = recordClass;
        dnssec = (ttl & DNSSEC_OK) != 0;
        if ((ttl >> 16 & 0xff) != 0) {
          fault = Rcode.BADVERS;
        }
      }
    }
    return true;
  }

  private static boolean skipName(ByteBuffer in) {
    while (in.hasRemaining()) {
      int label = in.get() & 0xff;
      if (label == 0) {
        return true;
      }
      if (label >= 0xc0) {
        if (!in.hasRemaining()) {
          return false;
        }
        in.get();
        return true;
      }
      if (label > 63 || label > in.remaining()) {
        return false;
      }
      in.position(in.position() + label);
    }
    return false;
  }

  /// Why it cannot be answered; `NOERROR` if it can.
  public Rcode fault() {
    return fault;
  }

  /// What is asked about; the root if that could not be read.
  public Name name() {
    Name known = name;
    return known == null ? Name.ROOT : known;
  }

  /// The type of record that is asked for.
  public int type() {
    return type;
  }

  /// Whether signatures are asked for too.
  public boolean dnssec() {
    return dnssec;
  }

  /// Whether the client wants to see what fails validation.
  public boolean checkingDisabled() {
    return (flags & CHECKING_DISABLED) != 0;
  }

  /// Whether the client speaks EDNS.
  boolean extended() {
    return extended;
  }

  /// How large a datagram the client takes from here.
  public int datagramLimit() {
    return extended ? Math.clamp(size, SMALLEST_LIMIT, LARGEST_DATAGRAM) : SMALLEST_LIMIT;
  }

  int id() {
    return id;
  }

  /// The question as it was spelled, with type and class; empty if it could not be read.
  byte[] asked() {
    return asked;
  }

  /// What of the header an answer repeats.
  int repeatedFlags() {
    return flags & (OPCODE | RECURSION_DESIRED | CHECKING_DISABLED);
  }
}
