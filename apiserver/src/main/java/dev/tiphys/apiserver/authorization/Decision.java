package dev.tiphys.apiserver.authorization;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedCollection;

/// What an authorizer says to a request.
///
/// @param verdict what it decides, if it does
/// @param reason why, in words for the sender; may be empty
/// @param error what kept the authorizer from looking at everything; empty if nothing did
public record Decision(Verdict verdict, String reason, String error) {

  /// What is decided.
  public enum Verdict {
    ALLOW,
    /// Refused, whatever other authorizers would say.
    DENY,
    /// Left to the next authorizer. What no authorizer allows is refused.
    NO_OPINION
  }

  public static final Decision NO_OPINION = noOpinion("");

  public static Decision allow(String reason) {
    return new Decision(Verdict.ALLOW, reason, "");
  }

  public static Decision deny(String reason) {
    return new Decision(Verdict.DENY, reason, "");
  }

  public static Decision noOpinion(String reason) {
    return new Decision(Verdict.NO_OPINION, reason, "");
  }

  public boolean isAllowed() {
    return verdict == Verdict.ALLOW;
  }

  /// The reason, after the error if there is one.
  public String explained() {
    return error.isEmpty() ? reason : reason.isEmpty() ? error : error + ": " + reason;
  }

  /// Several errors in one text, each once, as upstream puts them together.
  public static String aggregate(SequencedCollection<String> errors) {
    List<String> each = new ArrayList<>(new LinkedHashSet<>(errors));
    return each.size() == 1 ? each.getFirst() : each.isEmpty() ? "" : each.toString();
  }
}
