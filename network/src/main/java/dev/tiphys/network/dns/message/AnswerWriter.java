package dev.tiphys.network.dns.message;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// Writes answers to queries.
///
/// Threads: one.
public final class AnswerWriter {

  /// What fits into a message on a stream.
  public static final int LARGEST_MESSAGE = 65535;

  private static final int RESPONSE = 0x8000;
  private static final int AUTHORITATIVE = 0x0400;
  private static final int TRUNCATED = 0x0200;
  private static final int RECURSION_AVAILABLE = 0x0080;
  private static final int DNSSEC_OK = 0x8000;
  private static final int OPT_SIZE = 11;
  private static final int POINTER = 0xc000;
  private static final int LAST_POINTED = 0x3fff;

  /// How many names are looked for when one is written.
  private static final int MOST_REMEMBERED = 64;

  /// A record that does not fit is known by its name, which is written before.
  private static final int SPARE = 300;

  private final ByteBuffer out;
  private final List<Name> names = new ArrayList<>();
  private final List<Integer> places = new ArrayList<>();
  private int limit;

  /// @param out takes the answers; what is in it is overwritten
  private AnswerWriter(ByteBuffer out) {
    this.out = out;
  }

  /// For answers by datagram, into a buffer outside the heap.
  public static AnswerWriter ofDatagrams() {
    return new AnswerWriter(ByteBuffer.allocateDirect(Query.LARGEST_DATAGRAM + SPARE));
  }

  /// For one answer by datagram.
  public static AnswerWriter ofOneDatagram() {
    return new AnswerWriter(ByteBuffer.allocate(Query.LARGEST_DATAGRAM + SPARE));
  }

  /// For answers by stream.
  public static AnswerWriter ofStreams() {
    return new AnswerWriter(ByteBuffer.allocate(LARGEST_MESSAGE + SPARE));
  }

  /// Writes an answer. Returns the buffer that holds it, until the next one is written.
  ///
  /// Records that do not fit are left out; if answers are among them, the client is told to ask by
  /// a stream. Several addresses begin with another one each time.
  ///
  /// @param size how large the message may be
  /// @param age how many seconds have passed since the records were right
  public ByteBuffer write(Query query, Answer answer, int size, int age) {
    out.clear();
    names.clear();
    places.clear();
    limit = Math.min(size, out.capacity() - SPARE) - (query.extended() ? OPT_SIZE : 0);
    out.position(Query.HEADER);
    out.put(query.asked());
    if (query.asked().length > 0) {
      remember(query.name(), Query.HEADER);
    }
    int answers = records(answer.answers(), query, age);
    boolean truncated = answers < answer.answers().size();
    int authority = truncated ? 0 : records(answer.authority(), query, age);
    truncated |= authority < answer.authority().size();
    int additional = truncated ? 0 : records(answer.additional(), query, age);
    if (query.extended()) {
      additional++;
      out.put((byte) 0).putShort((short) Type.OPT).putShort((short) Query.LARGEST_DATAGRAM);
      out.put((byte) (answer.rcode().number() >> 4)).put((byte) 0);
      out.putShort((short) (query.dnssec() ? DNSSEC_OK : 0)).putShort((short) 0);
    }
    int flags =
        query.repeatedFlags()
            | RESPONSE
            | RECURSION_AVAILABLE
            | (answer.authoritative() ? AUTHORITATIVE : 0)
            | (truncated ? TRUNCATED : 0)
            | answer.rcode().number() & 0xf;
    out.putShort(0, (short) query.id());
    out.putShort(2, (short) flags);
    out.putShort(4, (short) (query.asked().length > 0 ? 1 : 0));
    out.putShort(6, (short) answers);
    out.putShort(8, (short) authority);
    out.putShort(10, (short) additional);
    return out.flip();
  }

  /// Writes as many records as fit. Returns how many.
  private int records(List<Record> records, Query query, int age) {
    int first = 0;
    int count = records.size();
    while (first < count && !isAddress(records.get(first))) {
      first++;
    }
    int addresses = count - first;
    for (int i = 0; i < count; i++) {
      int from = i < first || addresses < 2 ? i : first + (i - first + query.id()) % addresses;
      if (!record(records.get(from), age)) {
        return i;
      }
    }
    return count;
  }

  private static boolean isAddress(Record record) {
    return record.type() == Type.A || record.type() == Type.AAAA;
  }

  private boolean record(Record record, int age) {
    int begin = out.position();
    byte[] data = record.data();
    name(record.owner());
    if (out.position() + 10 + data.length > limit) {
      out.position(begin);
      forget(begin);
      return false;
    }
    out.putShort((short) record.type()).putShort((short) 1);
    out.putInt(Math.max(0, record.ttl() - age));
    out.putShort((short) data.length).put(data);
    return true;
  }

  private void forget(int from) {
    while (!places.isEmpty() && places.getLast() >= from) {
      places.removeLast();
      names.removeLast();
    }
  }

  /// Writes a name, or where it was written before.
  private void name(Name name) {
    Name rest = name;
    while (rest.length() > 1) {
      int at = names.indexOf(rest);
      if (at >= 0) {
        out.putShort((short) (POINTER | places.get(at)));
        return;
      }
      remember(rest, out.position());
      int label = rest.byteAt(0);
      for (int i = 0; i <= label; i++) {
        out.put(rest.byteAt(i));
      }
      rest = rest.parent();
    }
    out.put((byte) 0);
  }

  private void remember(Name name, int place) {
    if (place <= LAST_POINTED && names.size() < MOST_REMEMBERED) {
      names.add(name);
      places.add(place);
    }
  }
}
