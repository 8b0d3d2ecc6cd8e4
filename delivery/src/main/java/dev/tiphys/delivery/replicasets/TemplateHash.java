package dev.tiphys.delivery.replicasets;

import dev.tiphys.object.Struct;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Short texts that tell templates apart, fit to be part of names and to be labels.
///
/// The same for the same tree always, since a struct is written in one way only.
public final class TemplateHash {

  private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";
  private static final int FNV_OFFSET = 0x811c9dc5;
  private static final int FNV_PRIME = 0x01000193;

  private TemplateHash() {}

  /// @param template completed with its defaults
  /// @param collisions how often another template had the same text
  public static String of(Struct template, long collisions) {
    int hash = mixed(FNV_OFFSET, template.toString());
    for (int i = 0; collisions > 0 && i < Long.BYTES; i++) {
      hash = (hash ^ (int) (collisions >>> (8 * i) & 0xff)) * FNV_PRIME;
    }
    return encoded(hash);
  }

  /// Tells steps of a canary apart.
  public static String ofSteps(List<Struct> steps) {
    int hash = FNV_OFFSET;
    for (Struct step : steps) {
      hash = mixed(hash, step.toString());
    }
    return encoded(hash);
  }

  private static int mixed(int start, String text) {
    int hash = start;
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * FNV_PRIME;
    }
    return hash;
  }

  /// A number, written without vowels and look-alikes so that no word comes of it.
  private static String encoded(int hash) {
    String digits = Integer.toUnsignedString(hash);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < digits.length(); i++) {
      text.append(ALPHABET.charAt(digits.charAt(i) % ALPHABET.length()));
    }
    return text.toString();
  }
}
