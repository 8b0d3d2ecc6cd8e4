package dev.tiphys.template.sprig;

import static dev.tiphys.template.value.Type.ANY;
import static dev.tiphys.template.value.Type.STRING;

import dev.tiphys.template.function.Call;
import dev.tiphys.template.function.CallException;
import dev.tiphys.template.function.Function;
import dev.tiphys.template.time.GoTime;
import dev.tiphys.template.time.Layout;
import dev.tiphys.template.time.SpanText;
import dev.tiphys.template.time.Spans;
import dev.tiphys.template.value.Type;
import dev.tiphys.template.value.Whole;
import dev.tiphys.world.World;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Times and spans of time. The local zone is that of Universal Time, as in a container.
final class Dates {

  private static final String DAY = "2006-01-02";

  private final World world;

  private Dates(World world) {
    this.world = world;
  }

  static List<Function> functions(World world) {
    Dates dates = new Dates(world);
    return List.of(
        Function.of("now", _ -> dates.now()),
        Function.of("date", call -> dates.format(call, call.text(0), 1, "Local"), STRING, ANY),
        dates.inZone("dateInZone"),
        dates.inZone("date_in_zone"),
        Function.of("htmlDate", call -> dates.format(call, DAY, 0, "Local"), ANY),
        Function.of(
            "htmlDateInZone", call -> dates.format(call, DAY, 0, call.text(1)), ANY, STRING),
        modify("dateModify", false),
        modify("date_modify", false),
        modify("mustDateModify", true),
        modify("must_date_modify", true),
        Function.of("toDate", call -> parse(call, false), STRING, STRING),
        Function.of("mustToDate", call -> parse(call, true), STRING, STRING),
        Function.of("unixEpoch", call -> Long.toString(time(call, 0).unix()), GoTime.TYPE),
        Function.of("ago", dates::ago, ANY),
        Function.of("duration", Dates::duration, ANY),
        Function.of("durationRound", dates::rounded, ANY));
  }

  private GoTime now() {
    return GoTime.of(world.now());
  }

  private Function inZone(String name) {
    return Function.of(
        name, call -> format(call, call.text(0), 1, call.text(2)), STRING, ANY, STRING);
  }

  private String format(Call call, String layout, int index, String zone) {
    GoTime time = moment(call.value(index));
    return call.made(Layout.format(time.in(Layout.zone(zone)), layout));
  }

  /// A time, or seconds since 1970; now if it is neither.
  private GoTime moment(@Nullable Object value) {
    return switch (value) {
      case GoTime time -> time;
      case Long seconds -> at(seconds);
      case Whole seconds when seconds.type() == Type.INT64 || seconds.type() == Type.INT32 ->
          at(seconds.value());
      case null, default -> now();
    };
  }

  private static GoTime at(long seconds) {
    long most = Instant.MAX.getEpochSecond() / 2;
    return GoTime.of(Instant.ofEpochSecond(Math.clamp(seconds, -most, most)));
  }

  private static GoTime time(Call call, int index) {
    return call.value(index) instanceof GoTime time ? time : GoTime.ZERO;
  }

  private static Function modify(String name, boolean strict) {
    return Function.of(
        name,
        call -> {
          try {
            return time(call, 1).plus(SpanText.parse(call.text(0)));
          } catch (IllegalArgumentException e) {
            if (strict) {
              throw new CallException(String.valueOf(e.getMessage()));
            }
            return time(call, 1);
          }
        },
        STRING,
        GoTime.TYPE);
  }

  private static GoTime parse(Call call, boolean strict) {
    try {
      return Layout.parse(call.text(0), call.text(1));
    } catch (IllegalArgumentException e) {
      if (strict) {
        throw new CallException(String.valueOf(e.getMessage()));
      }
      return GoTime.ZERO;
    }
  }

  private String ago(Call call) {
    long span = now().since(moment(call.value(0)));
    return Spans.text(Spans.round(span, Spans.SECOND));
  }

  private static String duration(Call call) {
    long seconds =
        switch (call.value(0)) {
          case String text -> text.matches("[+-]?[0-9]{1,18}") ? Long.parseLong(text) : 0;
          case Whole number when number.type() == Type.INT64 -> number.value();
          case null, default -> 0;
        };
    return Spans.text(seconds * Spans.SECOND);
  }

  private String rounded(Call call) {
    long span =
        switch (call.value(0)) {
          case String text -> span(text);
          case Whole number when number.type() == Type.INT64 -> number.value();
          case GoTime time -> now().since(time);
          case null, default -> 0;
        };
    long size = Math.abs(span);
    long day = 24 * Spans.HOUR;
    if (size > 365 * day) {
      return size / (365 * day) + "y";
    }
    if (size > 30 * day) {
      return size / (30 * day) + "mo";
    }
    if (size > day) {
      return size / day + "d";
    }
    if (size > Spans.HOUR) {
      return size / Spans.HOUR + "h";
    }
    if (size > Spans.MINUTE) {
      return size / Spans.MINUTE + "m";
    }
    return size > Spans.SECOND ? size / Spans.SECOND + "s" : "0s";
  }

  private static long span(String text) {
    try {
      return SpanText.parse(text);
    } catch (IllegalArgumentException e) {
      return 0; // as if nothing had been said
    }
  }
}
