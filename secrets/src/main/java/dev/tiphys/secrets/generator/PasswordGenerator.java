package dev.tiphys.secrets.generator;

import dev.tiphys.object.Struct;
import dev.tiphys.secrets.provider.StoreException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/// Passwords of letters, digits and symbols, drawn from the world's chance.
public final class PasswordGenerator implements Generator {

  private static final int LENGTH = 24;
  private static final String LOWER = "abcdefghijklmnopqrstuvwxyz";
  private static final String UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  private static final String DIGITS = "0123456789";
  private static final String SYMBOLS = "~!@#$%^&*()_+`-={}|[]\\:\"<>?,./";
  private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

  @Override
  public String kind() {
    return "Password";
  }

  @Override
  public String field() {
    return "passwordSpec";
  }

  @Override
  public Map<String, byte[]> generate(Struct spec, Context context) {
    List<String> given = spec.strings("secretKeys");
    List<String> keys = given.isEmpty() ? List.of("password") : given;
    if (keys.contains("") || new HashSet<>(keys).size() < keys.size()) {
      throw new StoreException("secretKeys must be non-empty and unique");
    }
    Map<String, byte[]> passwords = new LinkedHashMap<>();
    for (String key : keys) {
      String password = password(spec, context.world().random());
      passwords.put(
          key, encoded(password, spec.string("encoding")).getBytes(StandardCharsets.UTF_8));
    }
    return passwords;
  }

  private static String password(Struct spec, RandomGenerator chance) {
    int length = spec.integer("length") > 0 ? (int) spec.integer("length") : LENGTH;
    int digits = count(spec, "digits", length);
    int symbols = count(spec, "symbols", length);
    int letters = length - digits - symbols;
    if (letters < 0) {
      throw new StoreException("number of digits and symbols must be less than total length");
    }
    boolean repeats = spec.bool("allowRepeat");
    StringBuilder password = new StringBuilder(length);
    String alphabet = spec.bool("noUpper") ? LOWER : LOWER + UPPER;
    mix(password, "letters", letters, alphabet, repeats, chance);
    mix(password, "digits", digits, DIGITS, repeats, chance);
    String characters = spec.has("symbolCharacters") ? spec.string("symbolCharacters") : SYMBOLS;
    mix(password, "symbols", symbols, characters, repeats, chance);
    return password.toString();
  }

  /// A quarter of the length, unless it is said.
  private static int count(Struct spec, String field, int length) {
    return spec.has(field) ? (int) spec.integer(field) : length / 4;
  }

  private static void mix(
      StringBuilder password,
      String what,
      int count,
      String characters,
      boolean repeats,
      RandomGenerator chance) {
    if (count > 0 && (characters.isEmpty() || !repeats && count > characters.length())) {
      throw new StoreException(
          "number of %s exceeds available %s and repeats are not allowed".formatted(what, what));
    }
    StringBuilder left = new StringBuilder(characters);
    for (int i = 0; i < count; i++) {
      int drawn = chance.nextInt(left.length());
      password.insert(chance.nextInt(password.length() + 1), left.charAt(drawn));
      if (!repeats) {
        left.deleteCharAt(drawn);
      }
    }
  }

  private static String encoded(String password, String encoding) {
    byte[] bytes = password.getBytes(StandardCharsets.UTF_8);
    return switch (encoding) {
      case "base64" -> Base64.getEncoder().encodeToString(bytes);
      case "base64url" -> Base64.getUrlEncoder().encodeToString(bytes);
      case "base32" -> base32(bytes);
      case "hex" -> HexFormat.of().formatHex(bytes);
      default -> password;
    };
  }

  private static String base32(byte[] bytes) {
    StringBuilder text = new StringBuilder();
    int bits = 0;
    int held = 0;
    for (byte each : bytes) {
      held = held << 8 | each & 0xff;
      bits += 8;
      while (bits >= 5) {
        bits -= 5;
        text.append(BASE32.charAt(held >> bits & 31));
      }
      held &= (1 << bits) - 1;
    }
    if (bits > 0) {
      text.append(BASE32.charAt(held << 5 - bits & 31));
    }
    while (text.length() % 8 != 0) {
      text.append('=');
    }
    return text.toString();
  }
}
