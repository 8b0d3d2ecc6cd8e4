package dev.tiphys.apiserver.authentication;

import dev.tiphys.apiserver.request.UserInfo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Bearer tokens that are listed in a file, in upstream's form: lines of
/// `token,user,uid,"group1,group2"`. They are for all audiences.
///
/// Threads: any; immutable.
public final class TokenFile implements TokenAuthenticator {

  private final Map<String, UserInfo> users = new HashMap<>();

  /// @throws IllegalArgumentException if a line can't be read; the message names it
  public TokenFile(Path file) throws IOException {
    int number = 0;
    for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
      number++;
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      List<String> columns = columns(line);
      if (columns.size() < 3 || columns.getFirst().isEmpty()) {
        throw new IllegalArgumentException(
            file
                + ":"
                + number
                + ": expected token,user,uid and perhaps groups, found "
                + columns.size()
                + " columns");
      }
      users.put(columns.get(0), user(columns));
    }
  }

  private static UserInfo user(List<String> columns) {
    List<String> groups = new ArrayList<>();
    if (columns.size() > 3) {
      for (String group : columns.get(3).split(",")) {
        if (!group.isBlank()) {
          groups.add(group.strip());
        }
      }
    }
    return new UserInfo(columns.get(1), columns.get(2), groups, Map.of());
  }

  /// The columns of a line of CSV (RFC 4180).
  private static List<String> columns(String line) {
    List<String> columns = new ArrayList<>();
    StringBuilder column = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        columns.add(column.toString().strip());
        column.setLength(0);
      } else {
        column.append(c);
      }
    }
    columns.add(column.toString().strip());
    return columns;
  }

  @Override
  public Verdict examine(String token, List<String> audiences) {
    byte[] shown = token.getBytes(StandardCharsets.UTF_8);
    Verdict verdict = Verdict.UNKNOWN;
    // all are compared, in full, so that the time it takes tells nothing
    for (Map.Entry<String, UserInfo> entry : users.entrySet()) {
      if (MessageDigest.isEqual(shown, entry.getKey().getBytes(StandardCharsets.UTF_8))) {
        verdict = new Verdict.Of(entry.getValue(), audiences);
      }
    }
    return verdict;
  }
}
