/// What evaluating an expression costs at most, told before it is evaluated.
package dev.tiphys.cel.cost;
