package dev.tiphys.network.dns.message;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What another name server is asked, and what it replies.
public final class Reply {

  private static final int RECURSION_DESIRED = 0x0100;
  private static final int CHECKING_DISABLED = 0x0010;
  private static final int RESPONSE = 0x8000;
  private static final int TRUNCATED = 0x0200;
  private static final int DNSSEC_OK = 0x8000;
  private static final int LONGEST_CHAIN = 16;

  /// RRSIG, NSEC and NSEC3: a client that asks for signatures checks these itself.
  private static final Set<Integer> PROOFS = Set.of(46, 47, 50);

  private final Answer answer;
  private final boolean truncated;

  private Reply(Answer answer, boolean truncated) {
    this.answer = answer;
    this.truncated = truncated;
  }

  /// The message that asks a server.
  ///
  /// @param id to know the reply by
  /// @param dnssec whether signatures are asked for too
  /// @param checkingDisabled whether what fails validation is wanted
  public static ByteBuffer ask(
      int id, Name name, int type, boolean dnssec, boolean checkingDisabled) {
    ByteBuffer out = ByteBuffer.allocate(Query.HEADER + name.length() + 4 + 11);
    out.putShort((short) id);
    out.putShort((short) (RECURSION_DESIRED | (checkingDisabled ? CHECKING_DISABLED : 0)));
    out.putShort((short) 1).putShort((short) 0).putShort((short) 0).putShort((short) 1);
    out.put(name.bytes()).putShort((short) type).putShort((short) 1);
    out.put((byte) 0).putShort((short) Type.OPT).putShort((short) Query.LARGEST_DATAGRAM);
    out.putShort((short) 0).putShort((short) (dnssec ? DNSSEC_OK : 0)).putShort((short) 0);
    return out.flip();
  }

  /// Reads what came back. Null for what is no reply to the question, and for what cannot be read:
  /// the right one may still come.
  ///
  /// Of the records only those are kept that the question leads to: what else a server says proves
  /// nothing.
  public static @Nullable Reply read(ByteBuffer in, int id, Name name, int type) {
    try {
      return new Reader(in).reply(id, name, type);
    } catch (IllegalArgumentException | BufferUnderflowException | IndexOutOfBoundsException e) {
      return null;
    }
  }

  public Answer answer() {
    return answer;
  }

  /// Whether the server has more to say by a stream.
  public boolean truncated() {
    return truncated;
  }

  /// Reads one message. What is malformed is told by exceptions.
  private static final class Reader {
    private final ByteBuffer in;

    Reader(ByteBuffer in) {
      this.in = in.slice();
    }

    @Nullable Reply reply(int id, Name name, int type) {
      if ((in.getShort() & 0xffff) != id) {
        return null;
      }
      int flags = in.getShort() & 0xffff;
      int questions = in.getShort() & 0xffff;
      int answers = in.getShort() & 0xffff;
      int authorities = in.getShort() & 0xffff;
      in.getShort();
      if ((flags & RESPONSE) == 0 || questions != 1) {
        return null;
      }
      if (!name().equals(name)
          || (in.getShort() & 0xffff) != type
          || (in.getShort() & 0xffff) != 1) {
        return null;
      }
      Rcode rcode = Rcode.of(flags & 0xf);
      boolean truncated = (flags & TRUNCATED) != 0;
      if (truncated) {
        return new Reply(Answer.of(rcode == null ? Rcode.SERVFAIL : rcode), true);
      }
      List<Record> chain = chain(name, records(answers));
      Name last = chain.isEmpty() ? name : endOf(name, chain);
      List<Record> authority = new ArrayList<>();
      for (Record each : records(authorities)) {
        if (each.type() == Type.SOA ? last.isIn(each.owner()) : PROOFS.contains(each.type())) {
          authority.add(each);
        }
      }
      return new Reply(
          new Answer(rcode == null ? Rcode.SERVFAIL : rcode, false, chain, authority, List.of()),
          false);
    }

    private static Name endOf(Name name, List<Record> chain) {
      Name at = name;
      for (Record each : chain) {
        Name target = each.type() == Type.CNAME ? each.target() : null;
        if (target != null && each.owner().equals(at)) {
          at = target;
        }
      }
      return at;
    }

    /// The records of a name, and of those that its aliases lead to.
    private static List<Record> chain(Name name, List<Record> records) {
      List<Record> kept = new ArrayList<>();
      Set<Name> seen = new HashSet<>();
      Name at = name;
      while (at != null && seen.add(at) && seen.size() <= LONGEST_CHAIN) {
        Name next = null;
        for (Record each : records) {
          if (each.owner().equals(at)) {
            kept.add(each);
            next = each.type() == Type.CNAME ? each.target() : next;
          }
        }
        at = next;
      }
      return kept;
    }

    private List<Record> records(int count) {
      List<Record> records = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        Name owner = name();
        int type = in.getShort() & 0xffff;
        int recordClass = in.getShort() & 0xffff;
        int ttl = in.getInt();
        int length = in.getShort() & 0xffff;
        int end = in.position() + length;
        if (end > in.limit()) {
          throw new IllegalArgumentException("a record is longer than its message");
        }
        byte[] data = data(type, end);
        in.position(end);
        if (recordClass == 1 && type != Type.OPT) {
          records.add(new Record(owner, type, Math.max(0, ttl), data));
        }
      }
      return records;
    }

    /// The data without pointers.
    private byte[] data(int type, int end) {
      ByteBuffer data = ByteBuffer.allocate(end - in.position() + 2 * Name.LONGEST);
      switch (type) {
        case Type.NS, Type.CNAME, Type.PTR -> data.put(spelled());
        case Type.SOA -> data.put(spelled()).put(spelled()).put(rest(end, 20));
        case Type.MX -> data.putShort(in.getShort()).put(spelled());
        case Type.SRV -> data.put(rest(in.position() + 6, 6)).put(spelled());
        case Type.A -> data.put(rest(end, 4));
        case Type.AAAA -> data.put(rest(end, 16));
        default -> data.put(rest(end, end - in.position()));
      }
      if (in.position() != end) {
        throw new IllegalArgumentException("a record is not as its type wants it");
      }
      return Arrays.copyOf(data.array(), data.position());
    }

    private byte[] rest(int end, int length) {
      if (end - in.position() != length) {
        throw new IllegalArgumentException("a record is not as its type wants it");
      }
      byte[] bytes = new byte[length];
      in.get(bytes);
      return bytes;
    }

    private Name name() {
      byte[] bytes = spelled();
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = Name.lower(bytes[i]);
      }
      return new Name(bytes);
    }

    /// A name as it is spelled, without pointers. These lead backwards only, so they end.
    private byte[] spelled() {
      byte[] name = new byte[Name.LONGEST];
      int length = 0;
      int at = in.position();
      int after = -1;
      int before = at;
      while (true) {
        int label = in.get(at) & 0xff;
        if (label >= 0xc0) {
          int pointed = (label & 0x3f) << 8 | in.get(at + 1) & 0xff;
          if (pointed >= before) {
            throw new IllegalArgumentException("a pointer does not lead backwards");
          }
          after = after < 0 ? at + 2 : after;
          at = pointed;
          before = pointed;
        } else if (label > 63 || length + label + 1 > name.length - (label == 0 ? 0 : 1)) {
          throw new IllegalArgumentException("a name is too long");
        } else {
          in.get(at, name, length, label + 1);
          length += label + 1;
          at += label + 1;
          if (label == 0) {
            in.position(after < 0 ? at : after);
            return Arrays.copyOf(name, length);
          }
        }
      }
    }
  }
}
