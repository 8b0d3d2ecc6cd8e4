/// Pods made anew at a person's wish, a few at a time.
package dev.tiphys.delivery.restart;
