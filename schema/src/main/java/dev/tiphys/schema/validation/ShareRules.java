package dev.tiphys.schema.validation;

/// Rules for numbers of Pods that can be given as a share of all, in percent.
public final class ShareRules {

  private ShareRules() {}

  /// A number that is not negative, or a percentage.
  public static void share(FieldValue share) {
    if (share.value() instanceof String) {
      share.mustBe(Formats::percent);
    } else {
      share.holding(share.integer()).mustNotBeNegative();
    }
  }

  public static void atMostAll(FieldValue share) {
    if (isPercent(share) && value(share) > 100) {
      share.invalid("must not be greater than 100%");
    }
  }

  private static boolean isPercent(FieldValue share) {
    return share.value() instanceof String text && Characters.isPercent(text);
  }

  /// The number, be it of Pods or a percentage.
  public static long value(FieldValue share) {
    if (!(share.value() instanceof String text)) {
      return share.integer();
    }
    String digits = isPercent(share) ? text.substring(0, text.length() - 1) : text;
    try {
      return Long.parseLong(digits);
    } catch (NumberFormatException e) {
      return digits.length() > 18 ? Long.MAX_VALUE : 0;
    }
  }
}
