package dev.tiphys.cel.syntax;

/// The names that operators have as functions.
public final class Operators {

  public static final String CONDITIONAL = "_?_:_";
  public static final String AND = "_&&_";
  public static final String OR = "_||_";
  public static final String NOT = "!_";
  public static final String NEGATE = "-_";
  public static final String IN = "@in";
  public static final String INDEX = "_[_]";
  public static final String OPTIONAL_INDEX = "_[?_]";
  public static final String OPTIONAL_SELECT = "_?._";
  public static final String EQUALS = "_==_";
  public static final String ADD = "_+_";
  public static final String NOT_STRICTLY_FALSE = "@not_strictly_false";

  private Operators() {}

  static String binary(String symbol) {
    return "_" + symbol + "_";
  }
}
