import { type ComponentProps, cloneElement, isValidElement, type MouseEvent } from 'react';

type PressedProps = ComponentProps<'button'> & { readonly asChild?: boolean; readonly onPress: () => void };

/** A button, or with `asChild` the one button inside, that does one thing more when it is pressed. */
export function Pressed({ asChild = false, onPress, onClick, children, ...rest }: PressedProps) {
  const press = (event: MouseEvent<HTMLButtonElement>) => {
    onClick?.(event);
    if (!event.defaultPrevented) onPress();
  };
  if (asChild && isValidElement<ComponentProps<'button'>>(children)) {
    const own = children.props.onClick;
    const both = (event: MouseEvent<HTMLButtonElement>) => {
      own?.(event);
      press(event);
    };
    return cloneElement(children, { ...rest, onClick: both });
  }
  return (
    <button type="button" {...rest} onClick={press}>
      {children}
    </button>
  );
}
