package dev.tiphys.network.dns.message;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is known about a question.
///
/// @param authoritative whether it is known first hand
/// @param answers the records that were asked for, behind the aliases that lead to them
/// @param authority for a name or type that is not there: the SOA of its zone
/// @param additional what is likely to be asked for next
public record Answer(
    Rcode rcode,
    boolean authoritative,
    List<Record> answers,
    List<Record> authority,
    List<Record> additional) {

  public Answer {
    answers = List.copyOf(answers);
    authority = List.copyOf(authority);
    additional = List.copyOf(additional);
  }

  /// An answer without records.
  public static Answer of(Rcode rcode) {
    return new Answer(rcode, false, List.of(), List.of(), List.of());
  }

  /// Records of a zone that is served here.
  public static Answer found(List<Record> answers, List<Record> additional) {
    return new Answer(Rcode.NOERROR, true, answers, List.of(), additional);
  }

  /// There is nothing in a zone that is served here.
  ///
  /// @param rcode `NXDOMAIN` if there is no such name, `NOERROR` if it has other records
  public static Answer none(Rcode rcode, Record soa) {
    return new Answer(rcode, true, List.of(), List.of(soa), List.of());
  }

  /// This answer for a name that an alias leads from.
  public Answer behind(List<Record> aliases) {
    List<Record> all = new ArrayList<>(aliases);
    all.addAll(answers);
    return new Answer(rcode, authoritative, all, authority, additional);
  }

  /// The SOA of an answer that there is nothing; null if it has none.
  public @Nullable Record soa() {
    for (Record each : authority) {
      if (each.type() == Type.SOA) {
        return each;
      }
    }
    return null;
  }

  /// This answer with records that live for so many seconds.
  public Answer withTtl(int ttl) {
    return new Answer(
        rcode,
        authoritative,
        answers.stream().map(each -> each.withTtl(ttl)).toList(),
        authority.stream().map(each -> each.withTtl(ttl)).toList(),
        List.of());
  }

  /// This answer after so many seconds.
  public Answer aged(int age) {
    return age == 0
        ? this
        : new Answer(
            rcode,
            authoritative,
            answers.stream().map(each -> each.withTtl(Math.max(0, each.ttl() - age))).toList(),
            authority.stream().map(each -> each.withTtl(Math.max(0, each.ttl() - age))).toList(),
            List.of());
  }

  /// Where an alias at its end leads to that is not followed yet; null if there is none.
  ///
  /// @param type what was asked for
  public @Nullable Name unfollowed(int type) {
    if (answers.isEmpty() || type == Type.CNAME || type == Type.ANY || rcode != Rcode.NOERROR) {
      return null;
    }
    Record last = answers.getLast();
    return last.type() == Type.CNAME && authority.isEmpty() ? last.target() : null;
  }

  /// How many bytes it takes in memory, about.
  public int weight() {
    int sum = 64;
    for (List<Record> section : List.of(answers, authority, additional)) {
      for (Record each : section) {
        sum += each.weight();
      }
    }
    return sum;
  }
}
