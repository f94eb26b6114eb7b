//! Reads the one form of a bank's page: enough HTML for pages that work without scripts.

/// A form as the page has it.
#[derive(Default)]
pub(crate) struct Form {
    pub(crate) action: String,
    /// Name, type and value of each input, in order.
    pub(crate) inputs: Vec<(String, String, String)>,
}

/// The first form that is sent by POST.
pub(crate) fn read(html: &str) -> Option<Form> {
    let forms = html.split("<form").skip(1).map(|rest| rest.split("</form>").next());
    let form = forms.flatten().find(|form| {
        let head = form.split('>').next().unwrap_or_default();
        attribute(head, "method").is_some_and(|method| method.eq_ignore_ascii_case("post"))
    })?;
    let head = form.split('>').next().unwrap_or_default();
    let inputs = form.split("<input").skip(1).filter_map(|input| {
        let input = input.split('>').next()?;
        let value = attribute(input, "value").unwrap_or_default();
        let kind = attribute(input, "type").unwrap_or_else(|| "text".to_owned());
        Some((attribute(input, "name")?, kind, value))
    });
    Some(Form { action: attribute(head, "action").unwrap_or_default(), inputs: inputs.collect() })
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    let value = rest.split('"').next()?;
    let pairs = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")];
    Some(pairs.iter().fold(value.to_owned(), |text, (from, to)| text.replace(from, to)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_read() {
        let html = r#"<p><form class="x" method="post" action="/a?b=1&amp;c=2">
            <input type="hidden" name="csrf" value="x&quot;y"><input name="username" id="u">
            <button name="action" value="continue">Go</button></form>"#;
        let form = read(html).unwrap();
        assert_eq!(form.action, "/a?b=1&c=2");
        assert_eq!(form.inputs[0], ("csrf".into(), "hidden".into(), "x\"y".into()));
        assert_eq!(form.inputs[1].0, "username");
    }
}
