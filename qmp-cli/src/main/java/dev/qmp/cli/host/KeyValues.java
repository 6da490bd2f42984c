package dev.qmp.cli.host;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * QEMU's option syntax: {@code key=value,key=value}, a doubled comma standing for one in a value, and a first word without
 * a key where the option has a main one (QEMU's qemu-options, "-name guest=…").
 */
final class KeyValues {

    private KeyValues() {}

    /** The pairs; the first word goes under {@code mainKey} if it has no key of its own. A bare later word is "on". */
    static Map<String, String> parse(String text, String mainKey) {
        Map<String, String> pairs = new LinkedHashMap<>();
        List<String> words = words(text);
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            int equals = word.indexOf('=');
            if (equals > 0) {
                pairs.put(word.substring(0, equals), word.substring(equals + 1));
            } else if (i == 0) {
                pairs.put(mainKey, word);
            } else if (word.startsWith("no") && word.length() > 2) {
                pairs.put(word.substring(2), "off");
            } else {
                pairs.put(word, "on");
            }
        }
        return pairs;
    }

    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != ',') {
                word.append(c);
            } else if (i + 1 < text.length() && text.charAt(i + 1) == ',') {
                word.append(',');
                i++;
            } else {
                words.add(word.toString());
                word.setLength(0);
            }
        }
        words.add(word.toString());
        return words;
    }
}
