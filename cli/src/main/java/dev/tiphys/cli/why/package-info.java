/// `tiphys why`: what holds something up.
package dev.tiphys.cli.why;
