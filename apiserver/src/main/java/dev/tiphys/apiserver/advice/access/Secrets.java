package dev.tiphys.apiserver.advice.access;

import dev.tiphys.apiserver.advice.manifest.Scene;
import java.util.Base64;
import java.util.regex.Pattern;

/// Passwords that end with a line feed, which `echo` put there.
public final class Secrets {

  private static final Pattern WORD =
      Pattern.compile("(?i)[^.]*(password|passwd|username|token|api-?_?key)[^.]*");

  private Secrets() {}

  public static void lineFeeds(Scene scene) {
    scene
        .object()
        .struct("data")
        .forEach(
            (key, value) -> {
              if (WORD.matcher(key).matches() && isOneLine(String.valueOf(value))) {
                scene.advise(
                    "data[" + key + "]",
                    "ends with a line feed, which is very likely not part of it; encode it with echo -n, or write it under stringData");
              }
            });
  }

  private static boolean isOneLine(String encoded) {
    if (encoded.length() > 1024) {
      return false;
    }
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(encoded);
    } catch (IllegalArgumentException e) {
      return false; // refused elsewhere
    }
    for (int i = 0; i < bytes.length; i++) {
      boolean isLast = i == bytes.length - 1;
      if ((bytes[i] == '\n') != isLast || (bytes[i] < ' ' && !isLast)) {
        return false;
      }
    }
    return bytes.length > 1;
  }
}
